"""Scanners that look at a running HTTP service: only the one that was named, and never without bounds."""
