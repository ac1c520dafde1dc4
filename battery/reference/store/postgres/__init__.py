"""The PostgreSQL store: the same tables and answers as the SQLite one, through a bounded pool."""
