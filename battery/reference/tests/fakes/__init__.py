"""One fake a port."""
