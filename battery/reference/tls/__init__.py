"""Serving over TLS: contexts, and certificates of an authority of one's own."""
