"""scan: look for security defects in a source tree, in a running target, or in both."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.instrument_result import EXITS, as_json, tell_result
from battery.cli.output import emit_json, say
from battery.cli.parser import words
from battery.cli.vulnerability_options import add_vulnerability_options, vulnerability_options

if TYPE_CHECKING:
    from battery.model.run import Run
    from battery.scan.export import Export
    from battery.store import RunFolder

_INSTRUMENT = "security"
_SHOWN = ("not counted", "listed")


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add("url", nargs="?", default="", metavar="URL", help="a target to scan; nothing else is asked")
    add("--source", metavar="DIR", help="a source tree to scan (default: what battery.toml names)")
    add("--scanner", type=words, default=(), metavar="code,tls", help="only these scanners (default: all)")
    add("--history", action="store_true", help="search the git history for secrets too")
    add("--new-since", default="", metavar="REV", help="count only what the tree did not hold at this commit")
    add("--environment", metavar="DIR", help="an installed Python environment that belongs to the source")
    add_vulnerability_options(parser)
    add("--public", action="store_true", help="the target needs no identity: nobody is kept out on purpose")
    add(
        "--intensity",
        choices=("smoke", "standard", "full"),
        help="how long and how hard the target is scanned (default: [run] intensity, else standard)",
    )
    add("--seed", type=int, metavar="N", help="repeat another scan's random choices")
    add(
        "--self-assess",
        action="store_true",
        help="scan nothing of yours: print each rule's precision and recall over a generated corpus",
    )
    add("--write", type=Path, metavar="FILE", help="with --self-assess: write the table as Markdown")
    add("--trace", action="store_true", help="list every request that was sent to the target")
    add(
        "--least",
        choices=("critical", "high", "medium", "low", "info"),
        default="medium",
        help="list findings down to this severity (default: medium; the JSON and SARIF files hold all)",
    )
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--out", type=Path, default=Path("artifacts"), metavar="FOLDER", help="default: artifacts")
    add("--json", action="store_true", help="print rules, findings and ledgers as JSON on stdout")
    parser.epilog = (
        "exit codes: 0 every scan is complete and no finding is critical or high, 1 one is, 2 undecided (a scan is incomplete), "
        "64 bad usage or definition. results.sarif and sbom.cdx.json stand in the run's folder."
    )


def run(arguments: argparse.Namespace) -> int:
    """Scan, list the findings, exit with the worst judged rule."""
    if arguments.self_assess:
        return _assess(arguments)
    from battery.cli.instrument_run import new_scan_run
    from battery.cli.progress import progress
    from battery.judging.instrument import instrument_status
    from battery.pipeline import measure
    from battery.report.scan_files import scans_of
    from battery.runner.session import RunInterrupted

    folder = new_scan_run(arguments, _options(arguments), arguments.scanner)
    try:
        with progress(folder) as emit:
            result = measure(folder, emit)
    except RunInterrupted as error:
        raise RunInterrupted(f"interrupted; what was found until then stands in {folder.path}") from error
    status = instrument_status(result.plan, result.judgement, _INSTRUMENT)
    scans = scans_of(result, folder.read_blob)
    _tell(scans, result, arguments.least)
    tell_result(result, _INSTRUMENT, status, lambda fact: fact in _SHOWN)
    trace = _trace(folder, result) if arguments.trace else []
    for exchange in trace:
        say(f"{exchange['scanner']}: {exchange['method']} {exchange['url']} -> {exchange['outcome']}")
    if arguments.json:
        told: dict[str, object] = {"scans": scans}
        emit_json(as_json(result, _INSTRUMENT, status) | told | ({"trace": trace} if arguments.trace else {}))
    return EXITS[status]


def _assess(arguments: argparse.Namespace) -> int:
    """The scanners' own precision and recall; 0 whatever they are."""
    from battery.scan.assess.assessing import assess
    from battery.scan.assess.table import rendered, write_table

    seed = 1 if arguments.seed is None else arguments.seed
    last = -1

    def told(share: float, text: str) -> None:
        nonlocal last
        if int(share * 10) > last:
            last = int(share * 10)
            say(f"{share:.0%} {text}")

    assessment = assess(seed, told)
    if arguments.write is not None:
        write_table(assessment, arguments.write)
        say(f"written to {arguments.write}")
    elif not arguments.json:
        say(rendered(assessment))
    if arguments.json:
        emit_json(assessment)
    return 0


def _options(arguments: argparse.Namespace) -> dict[str, object]:
    """What the command line says over the [security] table; its paths start here, not at battery.toml."""
    options: dict[str, object] = {}
    if arguments.history:
        options["history"] = True
    if arguments.public:
        options["public"] = True
    if arguments.environment:
        options["environment"] = str(Path(arguments.environment).absolute())
    return options | vulnerability_options(arguments)


def _tell(scans: "tuple[Export, ...]", result: "Run", least: str) -> None:
    from battery.judging.waivers import active_waivers
    from battery.report.legible import legible
    from battery.report.scan_files import findings_of_run
    from battery.scan.table import render_findings, render_scans

    waivers = active_waivers(result.plan, result.finished)
    render_findings(findings_of_run(scans), sys.stderr, legible=legible, waivers=waivers, least=least)  # type: ignore[arg-type] # one of the choices
    render_scans([each for scan in scans for each in scan.scans], sys.stderr, legible=legible)


def _trace(folder: "RunFolder", result: "Run") -> list[dict[str, object]]:
    import msgspec

    from battery.scan.evidence import TRACE_BLOB

    blobs = [blob for item in result.evidence for blob in item.blobs if blob.name == TRACE_BLOB]
    lines = [line for blob in blobs for line in folder.read_blob(blob.sha256).splitlines()]
    return [msgspec.json.decode(line, type=dict[str, object]) for line in lines]
