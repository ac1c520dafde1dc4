"""The supervisor: holds the listening socket and restarts the worker that serves from it."""
