"""A service that knows some callers, in this process."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from battery.reference.access.house import house_of
from battery.reference.access.house_settings import house_settings_in
from battery.reference.app import build_app
from battery.reference.audit.trail import Trail
from battery.reference.store.database import Database

TOKENS = {name: f"token-of-{name}-1" for name in ("ann", "will", "rita", "sue", "old")}
PASSWORD = "password-of-uma"
ENVIRONMENT = {
    "REFERENCE_TOKENS": ",".join(
        [
            f"ann:admin:north:{TOKENS['ann']}",
            f"will:writer:north:{TOKENS['will']}",
            f"rita:reader:north:{TOKENS['rita']}",
            f"sue:writer:south:{TOKENS['sue']}",
            f"old:admin:north:{TOKENS['old']}:2020-01-01",
        ]
    ),
    "REFERENCE_USERS": f"uma:writer:north:{PASSWORD}",
    "REFERENCE_ANONYMOUS_LIMIT": "1000:100",
    # No machine is so busy that it would end within a test.
    "REFERENCE_LOCKOUT_SECONDS": "600",
}
ORDER = {"item": "bolt", "quantity": 3, "unit_price_cents": 20}
KEY = b"a key of the audit log for tests"


class House:
    """The service, its audit log, and what sends requests to both."""

    def __init__(
        self,
        folder: Path,
        runner: asyncio.Runner,
        environment: Mapping[str, str] = ENVIRONMENT,
        defects: tuple[str, ...] = (),
    ) -> None:
        self.folder, self._runner = folder, runner
        self._database = Database(folder)
        self.trail = Trail(folder, KEY)
        self.rules = house_of(house_settings_in(environment))
        self.app = build_app(self._database, house=self.rules, trail=self.trail, defects=defects)

    def call(
        self,
        method: str,
        path: str,
        who: str = "",
        *,
        source: str = "192.0.2.1",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        """One request, by the holder of a token or by a stranger."""
        own = {"Authorization": f"Bearer {TOKENS.get(who, who)}"} if who else {}
        return self._runner.run(self._send(method, path, source, {**own, **(headers or {})}, options))

    def events(self) -> list[str]:
        """What stands in the audit log by now."""
        assert self._runner.run(self.trail.settled())
        entries = self.call("GET", "/api/audit?limit=200", "ann").json()["entries"]
        return [entry["event"] for entry in entries]

    def close(self) -> None:
        """End it."""
        self.trail.close()
        self._database.close()

    async def _send(
        self, method: str, path: str, source: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(source, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
            return await client.request(method, path, headers=headers, **options)
