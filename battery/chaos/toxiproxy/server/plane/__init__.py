"""The data plane: proxies, their connections, and what happens to the bytes between."""
