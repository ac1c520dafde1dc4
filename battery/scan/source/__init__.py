"""The source scans: code, secrets, configuration and logs over one tree, in worker processes, with a ledger and canaries."""
