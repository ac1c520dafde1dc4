"""chaos: harm a target on purpose, scenario by scenario, and measure how it comes back."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.instrument_result import EXITS, as_json, tell_result
from battery.cli.output import emit_json, say
from battery.cli.parser import words

if TYPE_CHECKING:
    from battery.chaos.scenarios.trial import Trial
    from battery.model.event import AnyEvent
    from battery.model.run import Run
    from battery.store import RunFolder

_INSTRUMENT = "chaos"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add(
        "url", nargs="?", default="", metavar="URL", help="the target (default: [target] url in battery.toml)"
    )
    add(
        "--scenario",
        type=words,
        default=("all",),
        metavar="restart,pause",
        help="which scenarios (default: all; --list tells them)",
    )
    add("--list", action="store_true", help="tell what each scenario does to whom, and do nothing")
    add(
        "--dry-run",
        action="store_true",
        help="tell what would be done to this target and harm nothing; [process] command is started where nobody is "
        "there, and what an earlier run left is put back",
    )
    add(
        "--intensity",
        choices=("smoke", "standard", "full"),
        help="how many faults, how long and how often (default: [run] intensity, else standard)",
    )
    add(
        "--toxiproxy",
        default="",
        metavar="URL",
        help="use this server (default: one on PATH, else the embedded one)",
    )
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts")
    add("--json", action="store_true", help="print rules, trials and proofs as JSON on stdout")
    parser.epilog = (
        "Only loopback and what battery.toml names is touched; every fault has a time limit of its own, and what a killed "
        "battery leaves is put back by its watchdog and by the next start. exit codes: 0 the judged rules pass, 1 one fails, "
        "2 undecided (a fault could not be tried or proven), 64 bad usage or definition, 130 interrupted"
    )


def run(arguments: argparse.Namespace) -> int:
    """List, rehearse or make the scenarios; exit with the worst judged rule."""
    if arguments.list:
        return _list(arguments)
    from battery.cli.instrument_run import new_instrument_run

    arguments.profiles, arguments.seed = (), None
    scenarios = () if arguments.scenario == ("all",) else arguments.scenario
    folder = new_instrument_run(arguments, _INSTRUMENT, scenarios=scenarios, toxiproxy=arguments.toxiproxy)
    return _rehearse(folder, scenarios, arguments) if arguments.dry_run else _make(folder, arguments)


def _list(arguments: argparse.Namespace) -> int:
    from battery.chaos.scenarios.catalogue import CATALOGUE

    for scenario in CATALOGUE.values():
        say(f"{scenario.id}: {scenario.title}\n    {scenario.story}")
    if arguments.json:
        emit_json([{"id": each.id, "title": each.title, "story": each.story} for each in CATALOGUE.values()])
    return 0


def _rehearse(folder: "RunFolder", scenarios: tuple[str, ...], arguments: argparse.Namespace) -> int:
    """What each scenario would do; the target is started where battery.toml says how, and harmed by nothing."""
    from battery.chaos.scenarios.catalogue import CATALOGUE
    from battery.chaos.scenarios.pace import pace_of
    from battery.pipeline import staged

    plan = folder.plan()
    told = {}
    with staged(plan, folder, _heard, 0.0) as world:
        assert world is not None, "a run of an instrument has a target"  # noqa: S101 -- states an invariant
        for scenario in CATALOGUE.values():
            if scenarios and scenario.id not in scenarios:
                continue
            declared = {str(name): why for name, why in plan.definition.chaos.not_applicable.items()}
            why = declared.get(scenario.id) or scenario.obstacle(world)
            told[scenario.id] = (
                [f"not tried: {why}"] if why else list(scenario.plan(world, pace_of(plan.intensity)))
            )
    for name, lines in told.items():
        say(f"{name}:" + "".join(f"\n    {line}" for line in lines))
    if arguments.json:
        emit_json(told)
    return 0


def _heard(event: "AnyEvent") -> None:
    """A rehearsal has no progress; what an earlier run left and who was started is told."""
    from battery.model.event import CheckTold

    if isinstance(event, CheckTold):
        say(event.text)


def _make(folder: "RunFolder", arguments: argparse.Namespace) -> int:
    import os

    from battery.cli.progress import progress
    from battery.judging.instrument import instrument_status
    from battery.pipeline import measure
    from battery.report.chaos_table import render_chaos
    from battery.report.progress import wants_colour
    from battery.runner.session import RunInterrupted

    try:
        with progress(folder) as emit:
            result = measure(folder, emit)
    except RunInterrupted as error:
        raise RunInterrupted(
            f"interrupted; everything was put back; evidence so far in {folder.path}"
        ) from error
    status = instrument_status(result.plan, result.judgement, _INSTRUMENT)
    trials = _trials(folder, result)
    render_chaos(_rows(result, trials), sys.stderr, colour=wants_colour(sys.stderr, os.environ))
    tell_result(result, _INSTRUMENT, status, lambda fact: fact.startswith(("chaos.", "put back")))
    if arguments.json:
        emit_json({**as_json(result, _INSTRUMENT, status), "trials": trials})
    return EXITS[status]


def _trials(folder: "RunFolder", result: "Run") -> "dict[str, tuple[Trial, ...]]":
    import msgspec

    from battery.chaos.scenarios.trial import Trial

    blobs = {item.check: blob for item in result.evidence for blob in item.blobs if blob.name == "trials"}
    return {
        check.partition(".")[2]: msgspec.json.decode(folder.read_blob(blob.sha256), type=tuple[Trial, ...])
        for check, blob in blobs.items()
    }


def _rows(result: "Run", trials: "dict[str, tuple[Trial, ...]]") -> list[list[str]]:
    verdicts = {
        rule.measure.split(".")[1]: rule.status
        for gate in result.judgement.gates
        for rule in gate.rules
        if rule.measure.startswith("chaos.") and rule.measure.endswith(".recovery")
    }
    return [
        [name, f"{trial.fault} {trial.repeat}", *_times(trial), verdicts.get(name, ""), trial.proof]
        for name, made in trials.items()
        for trial in made
    ]


def _times(trial: "Trial") -> list[str]:
    line = trial.timeline
    if line is None:
        return ["", "", ""]
    detect = "no breach" if line.detect is None else f"{line.detect:.2f} s"
    return [detect, str(line.first_success), str(line.recovery)]
