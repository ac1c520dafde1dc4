"""Durable writes: records are written while a scenario harms the target, and all are accounted for afterwards."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from battery.chaos.durability.audit import audit
from battery.chaos.durability.reader import Reader
from battery.chaos.durability.token import Token
from battery.chaos.durability.writer import Writer
from battery.chaos.durability.written import Written
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.world import World

LOST, STUCK = "chaos.writes.lost", "chaos.writes.stuck"
_LAST = 3.0
_MOSTLY = 0.5
_FEWEST = 3
_MORE = 3


class Writes:
    """The writes of the block, as far as they are known; none where none are declared."""

    def __init__(self, writer: Writer | None) -> None:
        self._writer = writer

    def served(self, begin: float, end: float) -> tuple[int, int]:
        """How many of the writes due between two monotonic times were acknowledged before the end, and how many there were."""
        if self._writer is None:
            return 0, 0
        begin, end = begin - self._writer.zero, end - self._writer.zero
        due = [record for record in self._writer.written() if begin <= record.due < end]
        return sum(record.outcome == "acknowledged" and record.done <= end for record in due), len(due)


@contextmanager
def durable_writes(world: World, findings: Findings) -> Iterator[Writes]:
    """Write while the block runs; at its end the account goes into the findings. Nothing where none are declared.

    Raises: UsageError when the declared request cannot be built.
    """
    declared = world.definition.durability
    if declared is None:
        findings.count(
            LOST,
            None,
            "battery.toml declares no [durability] write and read: whether acknowledged writes stay was not looked at; "
            'a target that takes none says so: [chaos.not_applicable] writes = "why"',
        )
        findings.count(STUCK, None, "battery.toml declares no [durability]")
        yield Writes(None)
        return
    token = Token(secrets.token_hex(4))
    writer = Writer(world.place, world.request, declared.write, token)
    with writer:
        yield Writes(writer)
    findings.count(STUCK, *stuck(writer.written()))
    reader = Reader(world.place, world.request, declared.read, token)
    found, readings = audit(writer.written(), reader, lambda: writer.more(_MORE))
    findings.count(LOST, found.lost_or_doubled, found.words)
    findings.blobs["writes"] = msgspec.json.encode(
        {"account": found, "written": writer.written(), "readings": readings}
    )


def stuck(written: Sequence[Written]) -> tuple[int | None, str]:
    """Whether most of the last writes, after the last recovery, were not acknowledged: the service reads again, and no more."""
    end = max((record.due for record in written), default=0.0)
    last = [record for record in written if record.due >= end - _LAST]
    good = sum(record.outcome == "acknowledged" for record in last)
    if len(last) < _FEWEST or not any(record.outcome == "acknowledged" for record in written):
        return None, f"only {len(last)} writes were sent at the end, or none was ever acknowledged"
    told = f"{good} of the last {len(last)} writes were acknowledged"
    return (0, told) if good > _MOSTLY * len(last) else (1, told)
