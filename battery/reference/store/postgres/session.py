"""One connection to PostgreSQL, as the pool sees it."""

from battery.reference.store.postgres.driver import Sql, open_sql

CONNECT_SECONDS = 1.0
COMMAND_SECONDS = 2.0
# What is acknowledged has reached the server's disk, whatever the server's own default is.
_SETTINGS = {"synchronous_commit": "on", "application_name": "battery-reference"}


class Session:
    """A connection with time limits on everything."""

    def __init__(self, connection: Sql) -> None:
        self.sql = connection

    def usable(self) -> bool:
        """Whether it still stands, as far as is known."""
        return not self.sql.is_closed()

    def discard(self) -> None:
        """Drop it without a word to the server, which may not listen."""
        self.sql.terminate()


async def connect(url: str) -> Session:
    """A fresh connection.

    Raises: OSError, TimeoutError or asyncpg's errors.
    """
    connection = await open_sql(
        url, timeout=CONNECT_SECONDS, command_timeout=COMMAND_SECONDS, server_settings=_SETTINGS
    )
    return Session(connection)
