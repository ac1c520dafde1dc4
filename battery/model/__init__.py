"""The nouns of the battery as frozen structs: one noun a file, no behaviour beyond reading themselves."""
