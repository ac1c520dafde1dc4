"""The scenarios: each does one kind of harm to the target and measures how it comes back."""
