"""The HTTP API: the original's routes, words and statuses."""
