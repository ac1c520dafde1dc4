"""The ledger: a counted number of requests, sent by a few threads, and how each was answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from battery.model.frozen import Frozen
from battery.model.target import Endpoint

Send = Callable[[Endpoint], int]
_WORKERS = 4


class Ledger(Frozen, frozen=True, kw_only=True):
    """How many requests were sent, and answers by endpoint and status; "none" where no answer came."""

    sent: int
    answers: dict[str, dict[str, int]]

    @property
    def unanswered(self) -> int:
        """Requests of which nobody knows whether the target saw them."""
        return sum(statuses.get("none", 0) for statuses in self.answers.values())

    @property
    def words(self) -> str:
        """ "3000 requests: status 200 x 1500, orders 200 x 1500"."""
        parts = [
            f"{name} {status} x {count}"
            for name, statuses in self.answers.items()
            for status, count in statuses.items()
        ]
        return f"{self.sent} requests: {', '.join(parts)}"


def send_counted(
    send: Send,
    endpoints: Sequence[Endpoint],
    number: int,
    *,
    seconds: float,
    workers: int = _WORKERS,
    tell: Callable[[float], None] = lambda _: None,
) -> Ledger:
    """Send `number` requests, the endpoints in turn, or as many as the seconds allow. `send` gives the status, or 0."""
    end, next_one, lock = time.monotonic() + seconds, iter(range(number)), threading.Lock()
    seen: Counter[tuple[str, str]] = Counter()

    def work() -> None:
        while time.monotonic() < end:
            with lock:
                turn = next(next_one, None)
            if turn is None:
                return
            endpoint = endpoints[turn % len(endpoints)]
            status = send(endpoint)
            with lock:
                seen[endpoint.name, str(status or "none")] += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
            tell(seen.total() / number)
    tell(seen.total() / number)
    answers: dict[str, dict[str, int]] = {}
    for (name, status), count in sorted(seen.items()):
        answers.setdefault(name, {})[status] = count
    return Ledger(sent=seen.total(), answers=answers)
