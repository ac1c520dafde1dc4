"""certify: run the battery against a target and sign what it found."""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit_json
from battery.cli.parser import words
from battery.cli.vulnerability_options import add_vulnerability_options

if TYPE_CHECKING:
    from battery.certificate.signers import Signer
    from battery.model.plan import Plan
    from battery.model.run import Run
    from battery.model.verdict import Judgement
    from battery.store import RunFolder

_LEVELS = ("bronze", "silver", "gold")
_DECIDED_BY_PLAN = (
    *("config", "source", "profiles", "only", "intensity"),
    *("subject", "subject_file", "nonce", "seed", "osv_db", "online", "allow_destructive"),
)
_EPILOG = """\
exit codes: 0 certified, 1 a gate failed, 2 undecided, 64 bad usage or definition, 70 internal error,
130 interrupted (go on with --resume), 4 a run folder or ledger does not hold what was recorded. Undecided is not certified: evidence is missing, skipped,
errored or too thin, and the summary says which."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    _add_target(parser)
    _add_choices(parser)
    _add_certificate(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON on stdout")
    parser.epilog = _EPILOG


def _add_target(parser: argparse.ArgumentParser) -> None:
    """What is certified."""
    add = parser.add_argument
    add(
        "url",
        nargs="?",
        default="",
        metavar="URL",
        help="the target, http:// or https:// (default: [target] url in battery.toml)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--demo",
        action="store_true",
        help="start the reference target on a free loopback port and certify that",
    )
    what.add_argument(
        "--baseline",
        action="store_true",
        help="rehearse the whole pipeline with placeholder evidence: no target, no network",
    )
    what.add_argument("--resume", type=Path, metavar="RUN", help="go on with an interrupted run folder")
    add(
        "--scenario",
        choices=("passing", "failing"),
        default="passing",
        help="what a baseline run pretends (default: passing)",
    )
    add("--config", type=Path, metavar="FILE", help="default: battery.toml here, where there is one")
    add("--source", metavar="DIR", help="the target's source tree (default: [source] path)")


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """How much is run, and what counts as enough."""
    add = parser.add_argument
    add("--profiles", type=words, default=(), metavar="P1,P3", help="run only these load profiles")
    add(
        "--only",
        type=words,
        default=(),
        metavar="load,chaos,…",
        help="run only these instruments: load, chaos, security, readiness",
    )
    add(
        "--intensity",
        choices=("smoke", "standard", "full"),
        help="how long and how hard (default: [run] intensity, else standard; baseline and demo: smoke)",
    )
    add(
        "--level", choices=_LEVELS, help="exit 0 when this level is reached (default: when every gate passes)"
    )
    add(
        "--out",
        type=Path,
        default=Path("artifacts"),
        metavar="FOLDER",
        help="where runs are kept (default: artifacts)",
    )


def _add_certificate(parser: argparse.ArgumentParser) -> None:
    """Who signs, what may be asked and destroyed, and what the certificate speaks about."""
    add = parser.add_argument
    add(
        "--key",
        metavar="KEY",
        help="a private key file, env:VARIABLE or a signer URI (default: battery.key here)",
    )
    add("--public-key", type=Path, metavar="PUB", help="the public half, for signer URIs")
    add_vulnerability_options(parser)
    add(
        "--allow-destructive",
        action="store_true",
        default=None,
        help="let the backup drill destroy and restore content; [target] environment must name a scratch environment",
    )
    subject = parser.add_mutually_exclusive_group()
    subject.add_argument(
        "--subject", metavar="NAME@sha256:HEX", help="what is certified, by digest (default: the source tree)"
    )
    subject.add_argument("--subject-file", type=Path, metavar="FILE", help="what is certified, as a file")
    add("--nonce", default="", metavar="X", help="a word from the verifier that the certificate repeats")
    add("--seed", type=int, metavar="N", help="repeat another run's random choices")


def run(arguments: argparse.Namespace) -> int:
    """Prepare or resume, execute, tell, exit with the verdict."""
    from battery.cli.new_run import check_source_unchanged, new_run
    from battery.cli.progress import progress
    from battery.cli.signing_key import REHEARSALS, signing_key, throwaway_key
    from battery.pipeline import execute
    from battery.runner.session import RunInterrupted
    from battery.store import RunFolder

    _check(arguments)
    with ExitStack() as stack:
        resumed = None if arguments.resume is None else RunFolder.open(arguments.resume)
        if resumed is not None:
            check_source_unchanged(resumed.plan())
        is_rehearsal = arguments.demo or arguments.baseline or (resumed and resumed.plan().mode == "baseline")
        # A key of the user's is tried before anything runs; a throw-away is made once there is a run to sign.
        needs_none = is_rehearsal and arguments.key is None
        key = None if needs_none else signing_key(arguments.key, arguments.public_key)
        folder = resumed or new_run(arguments, stack)
        artifacts = folder.path.parent
        signer, public = key or throwaway_key(artifacts)
        # A throw-away key's checkpoint over the real ledger would take its proof away.
        ledger_folder = artifacts if key else artifacts / REHEARSALS
        emit = stack.enter_context(progress(folder))
        try:
            result = execute(folder, signer, _verify_command(folder, public, signer), emit, ledger_folder)
        except RunInterrupted as error:
            if arguments.demo:  # its target is gone, so there is nothing to go on with
                raise RunInterrupted("interrupted; start another with: battery certify --demo") from error
            raise
    _tell(result, arguments)
    return _exit_code(result.judgement, arguments.level)


def _check(arguments: argparse.Namespace) -> None:
    from battery.cli.new_run import check_url_argument
    from battery.errors import UsageError

    if arguments.scenario == "failing" and not arguments.baseline:
        raise UsageError("--scenario failing is for --baseline: a real run fails by itself")
    if arguments.url and (arguments.demo or arguments.baseline or arguments.resume):
        raise UsageError("a URL has no place beside --demo, --baseline or --resume")
    if arguments.resume is not None:
        _refuse(arguments, _DECIDED_BY_PLAN, "--resume, which goes on with the plan as it was written")
    if arguments.demo:
        _refuse(arguments, ("config", "source"), "--demo, which describes its own target")
    if arguments.seed is not None and not 0 <= arguments.seed < 2**32:
        raise UsageError("--seed: expected a whole number from 0 to 4294967295")
    check_url_argument(arguments.url)


def _refuse(arguments: argparse.Namespace, names: tuple[str, ...], beside: str) -> None:
    from battery.errors import UsageError

    for name in names:
        if getattr(arguments, name) not in (None, "", (), False):
            raise UsageError(f"--{name.replace('_', '-')} has no place beside {beside}")


def _verify_command(folder: "RunFolder", public: Path | None, signer: "Signer") -> "Callable[[Plan], str]":
    """The command that verifies the certificate; where no public key file is known, one is left beside it."""
    import shlex

    from battery.store import CERTIFICATE, write_atomically

    if public is None:
        public = folder.path / "signer.pub"
        write_atomically(public, signer.public.pem)

    def command(plan: "Plan") -> str:
        parts = [_program(), "verify", _short(folder.path / CERTIFICATE), "--key", _short(public)]
        parts += [
            "--subject",
            f"{plan.subject.name}@sha256:{plan.subject.sha256}",
            "--evidence",
            _short(folder.path),
        ]
        return shlex.join(parts + (["--accept-baseline"] if plan.mode == "baseline" else []))

    return command


def _program() -> str:
    """How to call this battery from here: by its name where PATH leads to it, else by its path."""
    import shutil

    beside = Path(sys.executable).with_name("battery")
    return "battery" if shutil.which("battery") or not beside.exists() else _short_link(beside)


def _short_link(path: Path) -> str:
    """Like `_short`, without following the links that make a virtual environment."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _short(path: Path) -> str:
    """Relative to the current folder where it lies below it."""
    resolved, here = path.resolve(), Path.cwd().resolve()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(resolved)


def _tell(run: "Run", arguments: argparse.Namespace) -> None:
    from battery.report.console import render_console
    from battery.report.progress import wants_colour

    render_console(run, sys.stderr, colour=wants_colour(sys.stderr, os.environ))
    if arguments.json:
        emit_json(
            {
                "baseline": run.is_baseline,
                "run": run.folder,
                "result": run.judgement.result,
                "level": run.judgement.level,
                "exit": _exit_code(run.judgement, arguments.level),
                "certificate": run.certificate,
                "verify": run.verify_command,
                "gates": run.judgement.gates,
                "waivers": run.judgement.waivers,
            }
        )


def _exit_code(judgement: "Judgement", level: str | None) -> int:
    """0 certified, 1 a gate failed, 2 undecided; by the level where one was asked for."""
    if (
        level is not None
        and judgement.level in _LEVELS
        and _LEVELS.index(judgement.level) >= _LEVELS.index(level)
    ):
        return 0
    if judgement.result == "PASSED":
        return 0 if level is None else 1
    return 1 if judgement.result == "FAILED" else 2
