"""The result of a load run as people and machines read it: `load` and `soak` share it."""

import argparse
import sys
from typing import TYPE_CHECKING

from battery.cli.instrument_result import EXITS, as_json, tell_result
from battery.cli.output import emit_json

if TYPE_CHECKING:
    from battery.load.table import Row
    from battery.model.run import Run
    from battery.store import RunFolder

INSTRUMENT = "load"
_SHOWN = ("ended early", "not watched", "exceptions", "too few requests")


def measure_and_tell(arguments: argparse.Namespace, folder: "RunFolder") -> int:
    """Run what is open, print table and rules, the exit code by the worst judged rule.

    Raises: RunInterrupted, StoreError, EvidenceCorrupt.
    """
    from battery.cli.progress import progress
    from battery.judging.instrument import instrument_status
    from battery.pipeline import measure
    from battery.report.load_table import render_rows

    with progress(folder) as emit:
        result = measure(folder, emit)
    status = instrument_status(result.plan, result.judgement, INSTRUMENT)
    rows = _rows(folder, result)
    render_rows(rows, sys.stderr)
    tell_result(result, INSTRUMENT, status, lambda fact: fact in _SHOWN)
    if arguments.json:
        emit_json({**as_json(result, INSTRUMENT, status), "rows": rows})
    return EXITS[status]


def _rows(folder: "RunFolder", result: "Run") -> "list[Row]":
    from battery.load.table import rows_of

    blobs = [blob for item in result.evidence for blob in item.blobs if blob.name == "stages"]
    return [row for blob in blobs for row in rows_of(folder.read_blob(blob.sha256))]
