"""The order store: SQLite behind lanes that never block the event loop."""
