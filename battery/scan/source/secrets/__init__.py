"""The secrets scan: detect-secrets' default plugins over every text file, many times faster and with the same results."""
