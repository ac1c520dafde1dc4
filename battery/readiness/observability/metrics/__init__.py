"""What a target exposes at its metrics path, read strictly and compared with what the battery knows."""
