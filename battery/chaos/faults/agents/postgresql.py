"""Holds connections to PostgreSQL until it has none left for ordinary users, and takes each that becomes free.

A process of its own (`python -m battery.chaos.faults.agents.postgresql`). Its connection string comes in the order,
so that no process list shows a password.
"""

import asyncio
import importlib
from typing import Any
from urllib.parse import urlsplit

from battery.chaos.faults.agents.descriptors import raise_limit
from battery.chaos.faults.agents.lifeline import complain, say, take_order
from battery.redaction import redact

_ROUND_SECONDS = 0.1
_CONNECT_SECONDS = 5.0
_SETTINGS = """
select (select setting::int from pg_settings where name = 'max_connections'),
       (select coalesce(sum(setting::int), 0)::int from pg_settings
         where name in ('superuser_reserved_connections', 'reserved_connections')),
       (select rolsuper from pg_roles where rolname = current_user)
"""
_TAKEN = "select count(*)::int from pg_stat_activity where backend_type = 'client backend'"


class Pool:
    """The connections that are held to one server."""

    def __init__(self, dsn: str, most: int) -> None:
        self._dsn, self._most = dsn, most
        self._held: list[Any] = []
        self._refused = 0
        self._ceiling = 0
        self._may_use_reserved = False

    async def begin(self) -> None:
        """Open the first connection and read the server's bounds."""
        first = await self._connect()
        self._held.append(first)
        limit, reserved, self._may_use_reserved = await first.fetchrow(_SETTINGS)
        self._ceiling = limit - reserved

    async def fill(self) -> None:
        """Open connections until the server refuses; a superuser, whom it does not refuse, until it would others."""
        self._held = [one for one in self._held if not one.is_closed()]
        while len(self._held) < self._most:
            if self._may_use_reserved and self._held and await self._taken() >= self._ceiling:
                return
            try:
                self._held.append(await self._connect())
            except Exception as error:  # noqa: BLE001 -- whatever the server says, it gave no connection
                self._refused += 1
                if not self._held:
                    complain(self._without_password(error))
                return

    async def tell(self) -> None:
        """Say what is held."""
        taken = await self._taken() if self._may_use_reserved and self._held else 0
        say("holding", held=len(self._held), refused=self._refused, taken=taken, ceiling=self._ceiling)

    def _without_password(self, error: Exception) -> str:
        password = urlsplit(self._dsn).password
        secrets = [text for text in (self._dsn, password) if text]
        words = (str(error) or type(error).__name__).replace("\n", " ")
        return redact(words.encode(), secrets).decode("utf-8", "replace")

    async def _taken(self) -> int:
        return int(await self._held[0].fetchval(_TAKEN))

    async def _connect(self) -> Any:
        # By name: the battery works without it, and it ships no types.
        return await importlib.import_module("asyncpg").connect(
            self._dsn, timeout=_CONNECT_SECONDS, server_settings={"application_name": "hardening-battery"}
        )

    async def hold(self) -> None:
        """Hold for as long as the lifeline does."""
        try:
            await self.begin()
        except Exception as error:  # noqa: BLE001 -- a driver's errors are many; each says why there is no connection
            complain(self._without_password(error))
            return
        while True:
            await self.fill()
            await self.tell()
            await asyncio.sleep(_ROUND_SECONDS)


def main() -> None:
    """Take the order and hold."""
    order = take_order()
    raise_limit()
    asyncio.run(Pool(order.texts["dsn"], int(order.amounts["most"])).hold())


if __name__ == "__main__":
    main()
