"""Snapshots: a consistent copy of the data in one file, and the way back from it."""
