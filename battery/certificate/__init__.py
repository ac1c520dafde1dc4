"""The certificate: statement, bundle, keys, verification, ledger. Signs bytes, keeps them, reads only what was signed."""
