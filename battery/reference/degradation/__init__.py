"""Degradation: what the service can still afford, and which features it switches off to keep the others."""
