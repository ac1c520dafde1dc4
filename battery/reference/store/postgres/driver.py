"""asyncpg: the one file that knows it. It ships no types, so what is used of it is spelled out here."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any, Protocol

_asyncpg: Any = import_module("asyncpg")

# What the server says, and what the driver says when the connection is not what it should be. The last one comes
# when the server said farewell, unasked, just before a statement is sent.
ERRORS: tuple[type[Exception], ...] = (
    _asyncpg.PostgresError,
    _asyncpg.InterfaceError,
    _asyncpg.InternalClientError,
)
DISK_FULL: type[Exception] = _asyncpg.DiskFullError


class Sql(Protocol):
    """A connection."""

    async def execute(self, query: str, *values: object) -> str:
        """Run a statement; the answer is the server's command tag."""
        ...

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row."""
        ...

    async def fetch(self, query: str, *values: object) -> list[Any]:
        """All rows."""
        ...

    async def fetchrow(self, query: str, *values: object) -> Any | None:
        """The first row, if there is one."""
        ...

    async def fetchval(self, query: str, *values: object) -> Any:
        """The first value of the first row, None if there is none."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Commit what the block did, or nothing of it."""
        ...

    def is_closed(self) -> bool:
        """Whether it has fallen."""
        ...

    def terminate(self) -> None:
        """Drop it."""
        ...


async def open_sql(
    url: str, *, timeout: float, command_timeout: float, server_settings: dict[str, str]
) -> Sql:
    """A fresh connection.

    Raises: OSError, TimeoutError or one of ERRORS; ValueError when the URL cannot be read.
    """
    sql: Sql = await _asyncpg.connect(
        url, timeout=timeout, command_timeout=command_timeout, server_settings=server_settings
    )
    return sql
