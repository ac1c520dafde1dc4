"""load: run load profiles against a target and judge them, without a certificate."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say
from battery.cli.parser import words

if TYPE_CHECKING:
    from battery.load.table import Row
    from battery.model.run import Run
    from battery.store import RunFolder

_EXITS = {"pass": 0, "fail": 1, "undecided": 2}
_INSTRUMENT = "load"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add(
        "url", nargs="?", default="", metavar="URL", help="the target (default: [target] url in battery.toml)"
    )
    add(
        "-p", "--profiles", type=words, default=(), metavar="P1,P3", help="the profiles to run (default: all)"
    )
    add(
        "--intensity",
        choices=("smoke", "standard", "full"),
        help="how long and how hard (default: [run] intensity, else standard)",
    )
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts")
    add("--seed", type=int, metavar="N", help="repeat another run's arrivals")
    add("--json", action="store_true", help="print rules, rows and proofs as JSON on stdout")
    parser.epilog = (
        "exit codes: 0 the judged rules pass, 1 one fails, 2 undecided (too few samples, or the instrument did not prove "
        "itself), 64 bad usage or definition. A path in URL goes before every endpoint's path; a query is refused."
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure, print the table, exit with the worst judged rule."""
    from battery.cli.new_run import new_instrument_run
    from battery.cli.progress import progress
    from battery.judging.instrument import instrument_status
    from battery.pipeline import measure

    with ExitStack() as stack:
        folder = new_instrument_run(arguments, _INSTRUMENT)
        emit = stack.enter_context(progress(folder))
        result = measure(folder, emit)
    status = instrument_status(result.plan, result.judgement, _INSTRUMENT)
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

    render_rows(rows, sys.stderr)
    for gate, rule in promised_rules(result.plan, result.judgement, _INSTRUMENT):
        say(f"{gate}:{rule.rule}  {rule.status}  {rule.reason}")
    for item in result.evidence:
        for proof in item.proofs:
            if not proof.ok:
                say(f"NOT PROVEN  {item.check}: {proof.name}: {proof.detail}")
    say(f"{status.upper()}: evidence in {result.folder}")


def _as_json(result: "Run", rows: "list[Row]", status: str) -> dict[str, object]:
    from battery.judging.instrument import promised_rules

    rules = promised_rules(result.plan, result.judgement, _INSTRUMENT)
    return {
        "run": result.folder,
        "status": status,
        "exit": _EXITS[status],
        "rules": [{"gate": gate, "verdict": rule} for gate, rule in rules],
        "rows": rows,
        "proofs": {item.check: item.proofs for item in result.evidence},
    }
