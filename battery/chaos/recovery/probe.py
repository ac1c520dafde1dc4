"""The probe: one look at the target, and the series of them that goes into a blob."""

import msgspec

from battery.model.frozen import Frozen

LONGEST_PERIOD = 0.25  # of any prober; what happens between two probes is seen by neither


class Probe(Frozen, frozen=True, kw_only=True):
    """One request. Times in seconds: `at` is when it was due, from the series' beginning; `latency` counts from then.

    `lag` is by how much the prober itself was late in sending it: a part of `latency` that is not the target's.
    `status` is 0 where there was no answer; `error` is its kind, empty when the answer was as expected.
    """

    request: str
    at: float
    lag: float
    latency: float
    ok: bool
    status: int = 0
    error: str = ""

    @property
    def took(self) -> float:
        """What the target took."""
        return max(self.latency - self.lag, 0.0)

    @property
    def done(self) -> float:
        """When it ended."""
        return self.at + self.latency


class Series(Frozen, frozen=True, kw_only=True):
    """Probes by their due times. All that were due before `until` have ended; `unsent` counts those that never left."""

    period: float
    timeout: float
    requests: tuple[str, ...]
    probes: tuple[Probe, ...]
    until: float
    unsent: dict[str, int] = {}


def encode_series(series: Series) -> bytes:
    """As JSON, for a blob."""
    return msgspec.json.encode(series)


def decode_series(data: bytes) -> Series:
    """From JSON. Raises: msgspec.ValidationError."""
    return msgspec.json.decode(data, type=Series)
