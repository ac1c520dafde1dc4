"""keygen: make a key pair for signing certificates."""

import argparse
import os
from pathlib import Path

from battery.cli.output import emit_json, say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("battery"),
        metavar="PREFIX",
        help="writes PREFIX.key and PREFIX.pub (default: battery)",
    )
    parser.add_argument("--json", action="store_true", help="print the paths as JSON")
    parser.epilog = "Set BATTERY_KEY_PASSPHRASE to encrypt the private key."


def run(arguments: argparse.Namespace) -> int:
    """Write the pair."""
    from battery.certificate.keys import PASSPHRASE, generate, passphrase_of, read_key_file, read_public
    from battery.errors import UsageError

    if os.environ.get(PASSPHRASE) == "":
        # What CI makes of a secret that is not there; the key was meant to be encrypted.
        raise UsageError(
            f"{PASSPHRASE} is set and empty; give it a value, or unset it for a key without passphrase"
        )
    passphrase = passphrase_of(os.environ)
    private, public = generate(arguments.out, passphrase)
    hint = read_public(read_key_file(public), str(public)).hint
    protection = "encrypted" if passphrase else f"not encrypted; set {PASSPHRASE} to encrypt"
    say(f"{private}: the private key, ECDSA P-256, mode 600, {protection}. Keep it secret.")
    say(f"{public}: the public key, {hint}. Give it to whoever verifies.")
    if arguments.json:
        emit_json({"private": str(private), "public": str(public), "hint": hint})
    return 0
