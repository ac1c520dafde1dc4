"""asyncpg as the service uses it, over SQLite: the statements are the real ones, spelled for the other engine."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_SPELLINGS = (
    (re.compile(r"\$(\d)"), r"?\1"),
    (re.compile(r"::\w+"), ""),
    (re.compile(r"bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"), "INTEGER PRIMARY KEY AUTOINCREMENT"),
    (re.compile(r"\bbytea\b"), "blob"),
)


class PostgresError(Exception):
    """What the server refuses."""


class DiskFullError(PostgresError):
    """There is no room."""


class Server:
    """One database that all connections share; `trouble` is raised by the next statement."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.trouble: Exception | None = None
        self.opened = 0
        self.database.create_function("pg_advisory_xact_lock", 1, lambda _: None)
        self.database.create_function("hashtextextended", 2, lambda text, seed: hash((text, seed)) % 2**31)
        self.database.create_function("to_regclass", 1, lambda _: None)

    def module(self) -> ModuleType:
        """What stands for asyncpg while this server is there."""
        module = ModuleType("asyncpg")
        module.__spec__ = ModuleSpec("asyncpg", None)
        names = {"PostgresError": PostgresError, "DiskFullError": DiskFullError, "connect": self._connect}
        names |= {"InterfaceError": PostgresError, "InternalClientError": PostgresError}
        vars(module).update(names)
        return module

    async def _connect(self, _url: str, **_options: object) -> "Connection":
        self.opened += 1
        return Connection(self)


class Connection:
    """One connection."""

    def __init__(self, server: Server) -> None:
        self._server, self.closed = server, False

    async def execute(self, query: str, *values: object) -> str:
        """Run statements; the answer is the command tag."""
        if not values and query.count(";") > 1:
            self._server.database.executescript(_spelled(query))
            return "CREATE TABLE"
        return f"{query.split()[0]} {self._run(query, values).rowcount}"

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row."""
        self._server.database.executemany(_spelled(query), rows)

    async def fetch(self, query: str, *values: object) -> list[Any]:
        """All rows."""
        return self._run(query, values).fetchall()

    async def fetchrow(self, query: str, *values: object) -> Any | None:
        """The first row."""
        return self._run(query, values).fetchone()

    async def fetchval(self, query: str, *values: object) -> Any:
        """The first value."""
        row = self._run(query, values).fetchone()
        return row[0] if row else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing here runs side by side, so nothing needs to be kept apart."""
        yield

    def is_closed(self) -> bool:
        """Whether it has fallen."""
        return self.closed

    def terminate(self) -> None:
        """Drop it."""
        self.closed = True

    def _run(self, query: str, values: Sequence[object]) -> sqlite3.Cursor:
        trouble, self._server.trouble = self._server.trouble, None
        if trouble:
            raise trouble
        return self._server.database.execute(_spelled(query), values)


def _spelled(query: str) -> str:
    for pattern, other in _SPELLINGS:
        query = pattern.sub(other, query)
    return query
