"""The cadence: how often a long run is told and kept, and where that is not what was asked for. Pure."""

import math

from battery.model.quantity import seconds

LEAST_PERIODS = 2  # a run that is no longer has neither a line nor a checkpoint


def told_at_all(length: float, every: float) -> bool:
    """Whether a run of this length has lines and checkpoints."""
    return length > LEAST_PERIODS * every


def deviation(asked: str, length: float, *, resumable: bool) -> str:
    """What becomes of `--every` (or [load] checkpoint) in a run of this many seconds, where it is something else; else nothing."""
    every = seconds(asked)
    if not told_at_all(length, every):
        return (
            f"--every {asked} ([load] checkpoint) is too long for a run of {length:g} s: no line is told and no checkpoint kept; "
            f"give less than {length / LEAST_PERIODS:g} s to have both"
        )
    words = []
    if every != max(math.ceil(every), 1):
        words.append(
            f"--every {asked} ([load] checkpoint) counts as {max(math.ceil(every), 1)} s: a run is told by whole seconds"
        )
    if not resumable:
        words.append(
            "no checkpoint is kept: only one stage, sent by the battery's own engine to the endpoints of battery.toml, "
            "can be gone on from"
        )
    return "; ".join(words)
