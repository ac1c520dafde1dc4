"""Service level objectives, and the alert rules that watch how fast each spends its error budget."""
