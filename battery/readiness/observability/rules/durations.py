"""Durations as Prometheus writes them: 5m, 1h30m, 0."""

import re

_DURATION = re.compile(
    r"(?:(\d{1,9})y)?(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?\Z"
)
_SECONDS = (365 * 86400, 7 * 86400, 86400, 3600, 60, 1, 0.001)


def seconds_of(text: str) -> float | None:
    """The seconds; none when it is no duration. Units go from large to small, each at most once."""
    if text == "0":
        return 0.0
    found = _DURATION.match(text)
    if not text or not found:
        return None
    return sum(int(number) * unit for number, unit in zip(found.groups(), _SECONDS, strict=True) if number)
