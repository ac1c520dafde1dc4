"""Seconds of a made-up soak on a machine with noisy neighbours: lognormal latencies, bursts that lift some of them."""

import math
from collections.abc import Sequence
from random import Random

from battery.load.tally import Slice

REQUESTS = 60
_SHARE = (0.1, 0.3)  # of the seconds that are disturbed
_HIT = 0.85  # of the requests of a disturbed second
_STAYS = 0.75  # from one second to the next, where bursts last


def noisy_soak(
    random: Random, seconds: int, base_ms: float, growth_per_second: float, bursts: str
) -> list[Slice]:
    """A soak whose true median latency begins at `base_ms`; a burst adds from a fifth of it to three times it."""
    spread = random.uniform(0.05, 0.3)
    size = base_ms * random.choice((0.2, 0.5, 1.0, 3.0))
    disturbed = _BURSTS[bursts](random, seconds, random.uniform(*_SHARE))
    soak = []
    for number in range(seconds):
        level = base_ms * (1 + growth_per_second * number)
        added = size * math.exp(random.gauss(0, 0.5)) if disturbed[number] else 0.0
        soak.append(_second(number, sorted(_latency(random, level, spread, added) for _ in range(REQUESTS))))
    return soak


def crowded_soak(
    random: Random, seconds: int, base_ms: float, growth_per_second: float, memory: float
) -> list[Slice]:
    """A soak beside neighbours who stay: what they add wanders slowly, and the fastest tenth feels half of it."""
    wander, soak = random.gauss(0, 1), []
    for number in range(seconds):
        added = 0.35 * math.exp(0.7 * wander)
        wander = memory * wander + math.sqrt(1 - memory**2) * random.gauss(0, 1)
        level = base_ms * (1 + growth_per_second * number)
        fast, usual = level - 0.2 + added / 2 + random.gauss(0, 0.07), level + added + random.gauss(0, 0.1)
        soak.append(_slice(number, fast, usual, usual * 2))
    return soak


def _latency(random: Random, level: float, spread: float, added: float) -> float:
    own = level * math.exp(random.gauss(0, spread))
    return own + added * math.exp(random.gauss(0, 0.7)) if added and random.random() < _HIT else own


def _second(number: int, latencies: Sequence[float]) -> Slice:
    count = len(latencies)
    return _slice(number, latencies[count // 10 - 1], latencies[count // 2 - 1], latencies[-1])


def _slice(number: int, fast: float, usual: float, worst: float) -> Slice:
    return Slice(
        second=number, stage=0, sent=REQUESTS, ok=REQUESTS, failed=0, p50=usual, p99=worst, worst=worst, lag_p99=0.1,
        in_flight=1, waiting=0, cpu=0.1, p10=fast,
    )  # fmt: skip


def _scattered(random: Random, seconds: int, share: float) -> list[bool]:
    hit = set(random.sample(range(seconds), round(share * seconds)))
    return [number in hit for number in range(seconds)]


def _lasting_some_seconds(random: Random, seconds: int, share: float) -> list[bool]:
    while True:
        hit = [random.random() < share]
        while len(hit) < seconds:
            hit.append(random.random() < (_STAYS if hit[-1] else (1 - _STAYS) * share / (1 - share)))
        if _SHARE[0] <= sum(hit) / seconds <= _SHARE[1]:
            return hit


def _one(random: Random, seconds: int, share: float) -> list[bool]:
    first = random.randrange(seconds - round(share * seconds) + 1)
    return [first <= number < first + round(share * seconds) for number in range(seconds)]


_BURSTS = {"scattered": _scattered, "of some seconds": _lasting_some_seconds, "one": _one}
BURSTS = tuple(_BURSTS)
