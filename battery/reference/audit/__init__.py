"""The audit log: who did what, in a chain of hashes that cannot be changed unnoticed."""
