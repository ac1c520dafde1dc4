"""Report: several renderers over one run record, and over one stream of progress events."""
