"""Putting the world back: what undoes each fault is written down before the fault, and done also when the battery dies."""
