"""What a long run needs beyond a short one: its seconds on disk, checkpoints, and an early end."""
