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


def run(arguments: argparse.Namespace) -> int:
    """List, and verify where asked."""
    from battery.certificate.keys import read_key_file, read_public
    from battery.certificate.ledger import CHECKPOINT, LEDGER, LedgerBroken, read_ledger
    from battery.errors import StoreError, UsageError

    path = arguments.out / LEDGER
    if not path.is_file():
        raise StoreError(f"{path}: no ledger; `battery certify` begins one")
    if arguments.verify and arguments.key is None:
        raise UsageError(
            "--verify needs --key: without the signed checkpoint a re-chained ledger looks sound"
        )
    checkpoint = None
    key = None
    if arguments.key is not None:
        key = read_public(read_key_file(arguments.key), str(arguments.key))
        checkpoint = read_key_file(arguments.checkpoint or arguments.out / CHECKPOINT)
    try:
        ledger = read_ledger(path.read_bytes(), checkpoint, key)
    except LedgerBroken as error:
        say(f"{path}: BROKEN: {error}")
        if arguments.json:
            emit_json({"broken": str(error)})
        return _NOT_TRUSTED
    for entry in ledger.entries:
        say(
            f"{entry.seq:>4}  {entry.time:%Y-%m-%d %H:%M:%SZ}  {entry.result:<9}  {entry.level:<6}  {entry.run}  {entry.certificate[:16]}"
        )
    say(f"{len(ledger.entries)} certificates; {ledger.note}")
    if arguments.json:
        emit_json({"entries": ledger.entries, "note": ledger.note})
    return 0
