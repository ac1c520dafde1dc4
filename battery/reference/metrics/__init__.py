"""A small metrics registry and what the service counts with it."""
