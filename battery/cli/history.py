"""history: list the ledger of certificates, and verify that nobody changed it."""

import argparse
from pathlib import Path

from battery.cli.output import emit_json, say

_NOT_TRUSTED = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("artifacts"),
        metavar="FOLDER",
        help="the artifacts folder (default: artifacts)",
    )
    parser.add_argument(
        "--verify", action="store_true", help="check chain and checkpoint; exit 4 when they do not hold"
    )
    parser.add_argument("--key", type=Path, metavar="PUB", help="the public key that signed the checkpoint")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        help="a checkpoint kept elsewhere (default: the one beside the ledger)",
    )
    parser.add_argument("--json", action="store_true", help="print the entries as JSON")
    parser.epilog = (
        "Demo and baseline runs without a key of yours have a ledger of their own: --out artifacts/rehearsals. "
        "A run that was cut off after its line was written and resumed has two lines; the first is superseded."
    )


def run(arguments: argparse.Namespace) -> int:
    """List, and verify where asked."""
    from battery.certificate.keys import read_key_file, read_public
    from battery.certificate.ledger import LEDGER, LedgerBroken, read_ledger
    from battery.certificate.one_line import one_line
    from battery.errors import StoreError, UsageError

    path = arguments.out / LEDGER
    if not path.is_file():
        raise StoreError(f"{path}: no ledger; `battery certify` begins one")
    if arguments.key is None and (arguments.verify or arguments.checkpoint is not None):
        raise UsageError(
            "--verify and --checkpoint need --key: without the signed checkpoint a re-chained ledger looks sound"
        )
    key = None if arguments.key is None else read_public(read_key_file(arguments.key), str(arguments.key))
    try:
        checkpoint = None if key is None else _checkpoint(arguments)
        ledger = read_ledger(_bytes(path), checkpoint, key)
    except LedgerBroken as error:
        say(one_line(f"{path}: BROKEN: {error}"))
        if arguments.json:
            emit_json({"broken": str(error)})
        return _NOT_TRUSTED
    for entry in ledger.entries:
        time = entry.time.isoformat(sep=" ", timespec="seconds")
        later = (
            "  superseded" if entry.run in {other.run for other in ledger.entries[entry.seq + 1 :]} else ""
        )
        words = f"{entry.seq:>4}  {time}  {entry.result:<9}  {entry.level:<6}  {entry.run}  {entry.certificate[:16]}"
        say(one_line(words + later))
    say(f"{len(ledger.entries)} certificates; {ledger.note}")
    if arguments.json:
        emit_json({"entries": ledger.entries, "note": ledger.note})
    return 0


def _checkpoint(arguments: argparse.Namespace) -> bytes:
    """The checkpoint that was kept elsewhere, or the one beside the ledger, which certify never leaves out.

    Raises: LedgerBroken when that one is gone.
    """
    from battery.certificate.ledger import CHECKPOINT, LedgerBroken

    if arguments.checkpoint is not None:
        return _bytes(arguments.checkpoint)
    beside: Path = arguments.out / CHECKPOINT
    if not beside.exists():
        raise LedgerBroken(f"its checkpoint {beside} is gone")
    return _bytes(beside)


def _bytes(path: Path) -> bytes:
    from battery.errors import StoreError

    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
