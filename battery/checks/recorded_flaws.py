"""How flaws become evidence: counted in a measure, the first ones told as facts, all of them kept as a blob."""

from collections.abc import Sequence

import msgspec

from battery.readiness.observability.flaw import Flaw, errors
from battery.recording import Record

_TOLD = 40


def record_flaws(record: Record, measure: str, flaws: Sequence[Flaw], n: int, note: str = "") -> None:
    """The errors counted under the measure, of `n` things that were looked at; warnings are told and not counted."""
    counted = errors(flaws)
    for number, flaw in enumerate(flaws[:_TOLD], 1):
        record.fact(f"{flaw.weight} {number}", f"{flaw.where}: {flaw.text} ({flaw.rule})")
    if flaws:
        record.blob(f"{measure}.json", msgspec.json.encode(flaws), "application/json")
    first = f"{counted[0].where}: {counted[0].text}" if counted else ""
    record.measure(measure, len(counted), n=n, note="; ".join(part for part in (note, first) if part))
