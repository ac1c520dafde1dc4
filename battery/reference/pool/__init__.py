"""A bounded pool of connections, for the database and for the dependency."""
