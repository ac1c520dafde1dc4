"""Definitions: TOML files to model structs, strictly; an error names the file, the key and what was expected."""
