"""The counted requests: every one is sent once, and each is accounted for."""

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from battery.model.target import Endpoint
from battery.readiness.observability.metrics.ledger import send_counted

ENDPOINTS = tuple(Endpoint(name=name, path=f"/{name}") for name in ("a", "b", "c"))


@settings(max_examples=25, deadline=None)
@given(number=st.integers(1, 60), workers=st.integers(1, 5), silent=st.integers(1, 7))
def test_the_ledger_is_what_was_sent(number: int, workers: int, silent: int) -> None:
    sent: list[str] = []
    lock = threading.Lock()

    def send(endpoint: Endpoint) -> int:
        with lock:
            sent.append(endpoint.name)
            return 0 if len(sent) % silent == 0 else 200

    ledger = send_counted(send, ENDPOINTS, number, seconds=60.0, workers=workers)
    assert ledger.sent == len(sent) == number
    assert ledger.unanswered == number // silent
    by_name = {name: sum(statuses.values()) for name, statuses in ledger.answers.items()}
    assert by_name == {name: sent.count(name) for name in dict.fromkeys(sorted(sent))}
    assert ledger.words.startswith(f"{number} requests: ")


def test_it_ends_when_its_time_is_over() -> None:
    gate = threading.Event()

    def send(_: Endpoint) -> int:
        gate.wait(0.05)
        return 200

    ledger = send_counted(send, ENDPOINTS, 10_000, seconds=0.1, workers=2)
    assert 1 <= ledger.sent < 10_000


def test_progress_is_told_up_to_all() -> None:
    told: list[float] = []
    send_counted(lambda _: 200, ENDPOINTS, 5, seconds=60.0, tell=told.append)
    assert told[-1] == 1.0
