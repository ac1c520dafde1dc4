"""slo: write Prometheus alert rules for service level objectives."""

import argparse
from pathlib import Path

from battery.cli.output import emit, emit_json, say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("objectives", type=Path, metavar="FILE", help="a TOML file of [[objective]] tables")
    parser.add_argument("--out", type=Path, metavar="RULES", help="writes the rules there (default: stdout)")
    parser.add_argument("--json", action="store_true", help="print the names of the alerts as JSON")
    parser.epilog = (
        "Each objective becomes four alerts on the speed at which its error budget for 30 days is spent: pages at "
        "14.4 times (5m and 1h) and 6 times (30m and 6h), tickets at 3 times (2h and 1d) and once (6h and 3d)."
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the rules."""
    from battery.readiness.observability.slo.burn_rates import BURN_RATES
    from battery.readiness.observability.slo.objectives_toml import read_objectives
    from battery.readiness.observability.slo.rule_groups import alert_name, rules_yaml

    objectives = read_objectives(arguments.objectives).objective
    rules = rules_yaml(objectives)
    alerts = [alert_name(objective, rate) for objective in objectives for rate in BURN_RATES]
    if arguments.out:
        _write(arguments.out, rules)
        say(
            f"{arguments.out}: {len(alerts)} alerts for {len(objectives)} objectives; load it with rule_files"
        )
    elif not arguments.json:
        emit(rules.rstrip("\n"))
    if arguments.json:
        emit_json({"alerts": alerts, "rules": str(arguments.out) if arguments.out else rules})
    return 0


def _write(path: Path, rules: str) -> None:
    """The rules are the product: a folder that is not there is a mistake to tell, not to mend."""
    from battery.errors import UsageError

    try:
        path.write_text(rules, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
