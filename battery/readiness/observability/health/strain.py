"""Health under load: how long live and ready take to answer while the endpoints are kept busy."""

import math
import threading
import time
from collections.abc import Callable, Sequence

from battery.model.frozen import Frozen
from battery.readiness.observability.health.answer import HealthAnswer

_WORKERS = 4
_SHARE = 0.95


class Strain(Frozen, frozen=True, kw_only=True):
    """The answers of the health paths, and how many requests kept the endpoints busy meanwhile."""

    answers: tuple[HealthAnswer, ...]
    load: int

    @property
    def latency(self) -> float:
        """The 95th percentile in milliseconds; an answer that never came counts as long as it was waited for."""
        ordered = sorted(answer.milliseconds for answer in self.answers)
        return ordered[math.ceil(_SHARE * len(ordered)) - 1]

    @property
    def slowest(self) -> HealthAnswer:
        """The answer that took longest."""
        return max(self.answers, key=lambda answer: answer.milliseconds)


def strain(
    look: Callable[[str], HealthAnswer],
    paths: Sequence[str],
    load: Callable[[int], object],
    *,
    looks: int,
    workers: int = _WORKERS,
) -> Strain:
    """Ask each path so many times, one after the other, while some threads call `load` with rising numbers."""
    over, sent = threading.Event(), [0] * workers

    def work(own: int) -> None:
        while not over.is_set():
            load(own + workers * sent[own])
            sent[own] += 1

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(workers)]
    for thread in threads:
        thread.start()
    try:
        _until_busy(sent)
        answers = tuple(look(path) for _ in range(looks) for path in paths)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return Strain(answers=answers, load=sum(sent))


def _until_busy(sent: list[int], patience: float = 5.0) -> None:
    """Let every thread have its first answer, or wait no longer for one that hangs."""
    end = time.monotonic() + patience
    while not all(sent) and time.monotonic() < end:
        time.sleep(0.005)
