"""The embedded reference target: a small order service that serves, stores and tells how it is."""
