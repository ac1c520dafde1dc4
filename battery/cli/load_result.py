"""The result of a load run as people and machines read it: `load` and `soak` share it."""

import argparse
import sys
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say

if TYPE_CHECKING:
    from battery.load.table import Row
    from battery.model.run import Run
    from battery.store import RunFolder

INSTRUMENT = "load"
_EXITS = {"pass": 0, "fail": 1, "undecided": 2}


def measure_and_tell(arguments: argparse.Namespace, folder: "RunFolder") -> int:
    """Run what is open, print table and rules, the exit code by the worst judged rule.

    Raises: RunInterrupted, StoreError, EvidenceCorrupt.
    """
    from battery.cli.progress import progress
    from battery.judging.instrument import instrument_status
    from battery.pipeline import measure

    with progress(folder) as emit:
        result = measure(folder, emit)
    status = instrument_status(result.plan, result.judgement, INSTRUMENT)
    rows = _rows(folder, result)
    _tell(result, rows, status)
    if arguments.json:
        emit_json(_as_json(result, rows, status))
    return _EXITS[status]


def _rows(folder: "RunFolder", result: "Run") -> "list[Row]":
    from battery.load.table import rows_of

    blobs = [blob for item in result.evidence for blob in item.blobs if blob.name == "stages"]
    return [row for blob in blobs for row in rows_of(folder.read_blob(blob.sha256))]


def _tell(result: "Run", rows: "list[Row]", status: str) -> None:
    from battery.judging.instrument import promised_rules
    from battery.report.load_table import render_rows
    from battery.report.next_step import rule_step

    render_rows(rows, sys.stderr)
    for gate, rule in promised_rules(result.plan, result.judgement, INSTRUMENT):
        say(f"{gate}:{rule.rule}  {rule.status}  {rule.reason}")
        if rule.status != "pass":
            say(f"    next step: {rule_step(result, rule)}")
    for item in result.evidence:
        for proof in item.proofs:
            if not proof.ok:
                say(f"NOT PROVEN  {item.check}: {proof.name}: {proof.detail}")
        for fact in ("ended early", "not watched"):
            if fact in item.facts:
                say(f"{fact.upper()}  {item.check}: {item.facts[fact]}")
    say(f"{status.upper()}: evidence in {result.folder}")


def _as_json(result: "Run", rows: "list[Row]", status: str) -> dict[str, object]:
    from battery.judging.instrument import promised_rules

    rules = promised_rules(result.plan, result.judgement, INSTRUMENT)
    return {
        "run": result.folder,
        "status": status,
        "exit": _EXITS[status],
        "rules": [{"gate": gate, "verdict": rule} for gate, rule in rules],
        "rows": rows,
        "proofs": {item.check: item.proofs for item in result.evidence},
        "facts": {item.check: item.facts for item in result.evidence if item.facts},
    }
