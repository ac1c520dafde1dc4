"""Audit chains: is a log that claims to be tamper-evident really so? Attacks on copies, and who notices them."""
