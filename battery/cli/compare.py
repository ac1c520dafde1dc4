"""compare: lay two runs side by side, measure by measure and gate by gate."""

import argparse
from pathlib import Path

from battery.cli.output import emit_json, say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("before", type=Path, metavar="RUN", help="the older run folder")
    parser.add_argument("after", type=Path, metavar="RUN", help="the newer run folder")
    parser.add_argument("--json", action="store_true", help="print both sides as JSON")
    parser.epilog = "exit codes: 0 no gate got worse, 1 a gate got worse, 64 a folder is no run"


def run(arguments: argparse.Namespace) -> int:
    """Tell what changed; exit 1 when a gate got worse."""
    from battery.comparing import compare_runs
    from battery.pipeline import read_run
    from battery.store import RunFolder

    before, after = (read_run(RunFolder.open(path)) for path in (arguments.before, arguments.after))
    changes = compare_runs(before, after)
    marked = "BASELINE " if before.is_baseline or after.is_baseline else ""
    taken = [measure.name for measure in changes.measures]
    for measure in changes.measures:
        # Two checks may take one measure: then each row says whose it is.
        name = f"{measure.name} ({measure.check})" if taken.count(measure.name) > 1 else measure.name
        say(f"{marked}{name:<36} {_number(measure.before):>12} {_number(measure.after):>12}  {measure.unit}")
    for gate in changes.gates:
        worse = "  WORSE" if gate.worse else ""
        say(f"{marked}{gate.gate:<36} {gate.before:>12} {gate.after:>12}{worse}")
    lost = [gate.gate for gate in changes.gates if gate.worse]
    say(f"{marked}{'got worse: ' + ', '.join(lost) if lost else 'no gate got worse'}")
    if arguments.json:
        emit_json(changes)
    return 1 if lost else 0


def _number(value: float | None) -> str:
    return "absent" if value is None else f"{value:g}"
