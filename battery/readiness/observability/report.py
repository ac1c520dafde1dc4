"""How flaws become evidence: a count of the errors, a fact for each of the first ones, and a blob with all."""

from collections.abc import Iterable

import msgspec

from battery.readiness.observability.flaw import Flaw, errors
from battery.recording import Record

_TOLD = 20


def record_flaws(record: Record, measure: str, flaws: Iterable[Flaw], *, looked: int, at: str) -> None:
    """Record them under a measure; `looked` things were looked at, `at` says which in words."""
    found = tuple(flaws)
    wrong = errors(found)
    note = f"{wrong[0].where}: {wrong[0].text}" if wrong else f"looked at {at}"
    record.measure(measure, len(wrong), n=looked, note=note)
    record.fact("looked at", at)
    for weight in ("error", "warning"):
        told = [flaw for flaw in found if flaw.weight == weight]
        for number, flaw in enumerate(told[:_TOLD], 1):
            record.fact(f"{weight} {number}", f"{flaw.where}: {flaw.text} ({flaw.rule})")
        if len(told) > _TOLD:
            record.fact(f"{weight}s", f"{len(told)}; the first {_TOLD} stand here, all of them in the blob")
    record.blob("flaws", msgspec.json.encode(found), "application/json")
