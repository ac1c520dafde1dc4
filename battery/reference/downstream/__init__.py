"""The dependency itself: a small price service over TCP."""
