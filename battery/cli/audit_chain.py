"""audit-chain: check a hash-chained audit log, and attack copies of it to see what its chain detects."""

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say

if TYPE_CHECKING:
    from battery.readiness.audit_chain.chain_log import Entry
    from battery.readiness.audit_chain.description import ChainDescription
    from battery.readiness.audit_chain.file_check import Anchor
    from battery.readiness.audit_chain.verifier import Verifier

_WORDS = {True: "detected", False: "NOT DETECTED", None: "no opinion"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the log: one JSON record a line")
    parser.add_argument(
        "--attack", action="store_true", help="edit, delete, reorder, truncate, re-chain copies"
    )
    parser.add_argument(
        "--description", type=Path, metavar="TOML", help="how the chain is made (default: found out)"
    )
    parser.add_argument(
        "--anchor", metavar="COUNT:HASH", help="where the chain is known to end, from elsewhere"
    )
    parser.add_argument("--verify", metavar="COMMAND", help="who judges; {file} stands for the log")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.epilog = "exit codes: 0 the chain holds and every attack is detected, 1 it does not, 2 undecided, 64 bad usage or definition"


def run(arguments: argparse.Namespace) -> int:
    """Check the log, then attack copies where that is asked for."""
    from battery.readiness.audit_chain.chain_log import read_entries

    data = _read(arguments.file)
    entries = read_entries(data)
    description = _description(arguments, entries)
    say(f"{arguments.file}: {len(entries)} records, {description}")
    verifier = _verifier(arguments, description)
    if arguments.attack:
        return _attack(arguments, entries, description, verifier, data)
    opinion = verifier.judge(arguments.file)
    say(f"{verifier.name}: {opinion.said}")
    if arguments.json:
        emit_json({"records": len(entries), "intact": opinion.intact, "said": opinion.said})
    return 2 if opinion.intact is None else int(not opinion.intact)


def _attack(
    arguments: argparse.Namespace,
    entries: "tuple[Entry, ...]",
    description: "ChainDescription",
    verifier: "Verifier",
    data: bytes,
) -> int:
    from battery.readiness.audit_chain.suite import run_suite

    result = run_suite(entries, description, verifier, data)
    say(f"{'control':9} {'accepted' if result.proven else 'NOT ACCEPTED':12}  {result.control.said}")
    for outcome in result.outcomes:
        say(f"{outcome.attack:9} {_WORDS[outcome.detected]:12}  {outcome.what}; {outcome.said}")
    if not result.proven:
        say(
            f"undecided: {result.verifier} does not accept the log as it is, so what it refuses proves nothing"
        )
    if {"truncate", "re-chain"} & set(result.undetected) and not (arguments.anchor or arguments.verify):
        say(
            "truncate and re-chain show only beside an anchor kept elsewhere (--anchor) or a secret key (--verify)"
        )
    if arguments.json:
        emit_json({"holds": result.holds, "result": result})
    undecided = not result.proven or any(outcome.detected is None for outcome in result.outcomes)
    return 2 if undecided else int(not result.holds)


def _read(path: Path) -> bytes:
    from battery.errors import UsageError
    from battery.readiness.audit_chain.chain_log import LARGEST

    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _description(arguments: argparse.Namespace, entries: "tuple[Entry, ...]") -> "ChainDescription":
    from battery.definitions.toml_file import load
    from battery.readiness.audit_chain.description import ChainDescription
    from battery.readiness.audit_chain.detection import detect

    if arguments.description:
        return load(arguments.description, ChainDescription)[0]
    return detect(entries)


def _verifier(arguments: argparse.Namespace, description: "ChainDescription") -> "Verifier":
    from battery.errors import UsageError
    from battery.readiness.audit_chain.command_verifier import CommandVerifier
    from battery.readiness.audit_chain.own_verifier import OwnVerifier

    if arguments.verify and arguments.anchor:
        raise UsageError("--anchor is for the battery's own check; with --verify the command knows its own")
    if arguments.verify:
        return CommandVerifier(shlex.split(arguments.verify))
    return OwnVerifier(description, _anchor(arguments.anchor) if arguments.anchor else None)


def _anchor(text: str) -> "Anchor":
    from battery.errors import UsageError
    from battery.readiness.audit_chain.file_check import Anchor

    count, colon, head = text.partition(":")
    if not (colon and head and count.isdecimal() and len(count) < 12 and int(count) > 0):
        raise UsageError(f"--anchor {text}: expected COUNT:HASH, the number of records and the last hash")
    return Anchor(records=int(count), head=head)
