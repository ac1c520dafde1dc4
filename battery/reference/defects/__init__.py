"""Planted defects, one a file: each makes the service fail in one way that the battery must notice."""
