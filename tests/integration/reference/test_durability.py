"""Acknowledged orders survive a SIGKILL, once each."""

import os
import signal
from pathlib import Path
from threading import Event, Thread

import httpx

from battery.reference.demo import ReferenceTarget

WRITERS, BEFORE_THE_KILL = 4, 60


class _Writer(Thread):
    """Sends orders, each with its own key, until the service is gone; remembers what was acknowledged."""

    def __init__(self, number: int, url: str, enough: Event) -> None:
        super().__init__(daemon=True)
        self.number, self.url, self.enough = number, url, enough
        self.sent: list[str] = []
        self.acknowledged: dict[str, int] = {}

    def run(self) -> None:
        with httpx.Client(base_url=self.url) as client:
            try:
                while True:
                    key = f"writer-{self.number}-{len(self.sent)}"
                    self.sent.append(key)
                    self.acknowledged[key] = _place(client, key)
                    if len(self.acknowledged) >= BEFORE_THE_KILL:
                        self.enough.set()
            except httpx.TransportError:
                pass  # the kill


def _place(client: httpx.Client, key: str) -> int:
    order = {"item": key, "quantity": 1, "unit_price_cents": 2}
    answer = client.post("/api/orders", json=order, headers={"idempotency-key": key})
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


def _all_orders(client: httpx.Client) -> dict[int, str]:
    found: dict[int, str] = {}
    after: int | None = 0
    while after is not None:
        page = client.get("/api/orders", params={"after": after, "limit": 100}).json()
        found |= {order["id"]: order["item"] for order in page["orders"]}
        after = page["next"]
    return found


def test_acknowledged_orders_survive_a_kill_and_a_retry_doubles_none(tmp_path: Path) -> None:
    enough = Event()
    with ReferenceTarget(tmp_path) as target:
        writers = [_Writer(number, target.url, enough) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        assert enough.wait(30)
        os.kill(target.pid, signal.SIGKILL)
        for writer in writers:
            writer.join(10)
    acknowledged = {key: number for writer in writers for key, number in writer.acknowledged.items()}
    with ReferenceTarget(tmp_path) as target, httpx.Client(base_url=target.url) as client:
        stored = _all_orders(client)
        assert {number: key for key, number in acknowledged.items()}.items() <= stored.items()
        keys = [key for writer in writers for key in writer.sent]
        retried = {key: _place(client, key) for key in keys}
        assert acknowledged.items() <= retried.items()
        assert sorted(_all_orders(client).values()) == sorted(keys)
