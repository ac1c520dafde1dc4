"""What several statistics are tried on: noise in which each value remembers the one before."""

from collections.abc import Callable
from random import Random

import pytest

Noise = Callable[[Random, int, float], list[float]]


@pytest.fixture(scope="session")
def noise() -> Noise:
    """Makes n values of first-order autoregressive noise with the given memory (0: independent)."""

    def make(random: Random, n: int, memory: float) -> list[float]:
        values = [random.gauss(0, 1)]
        while len(values) < n + 100:
            values.append(memory * values[-1] + random.gauss(0, 1))
        return values[100:]

    return make
