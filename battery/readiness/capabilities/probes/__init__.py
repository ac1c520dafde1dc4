"""Probes: look at a running target, and record the facts by which its capabilities are judged."""
