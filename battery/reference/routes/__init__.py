"""What the service answers, one noun a file."""
