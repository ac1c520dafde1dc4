"""The runner: pytest over the checks, each item to one piece of evidence, progress as events."""
