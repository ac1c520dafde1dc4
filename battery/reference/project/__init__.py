"""The project around the service: what starts, asks, tests and measures it from a plain copy of its folder."""
