"""Toxiproxy: the client, the way to a server, and the embedded server for where none is installed."""
