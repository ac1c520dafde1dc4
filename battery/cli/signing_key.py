"""The signing key of a run: the one that was named, battery.key, or a throw-away for demo and baseline."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import say

if TYPE_CHECKING:
    from battery.certificate.signers import Signer

DEFAULT = Path("battery.key")
THROWAWAY = "throwaway"


def signing_key(arguments: argparse.Namespace, *, throwaway: bool) -> "tuple[Signer, Path | None]":
    """The signer, and the file of its public key where there is one.

    Raises: KeyUnusable, UsageError when there is no key.
    """
    from battery.certificate.signers import open_signer
    from battery.errors import UsageError

    name = arguments.key
    if name is None and DEFAULT.exists() and not throwaway:
        name = str(DEFAULT)
    if name is None and throwaway:
        name = str(_throwaway(arguments.out))
    if name is None:
        raise UsageError("no signing key: make one with `battery keygen`, then --key battery.key")
    signer = open_signer(name, arguments.public_key, os.environ)
    public = arguments.public_key or Path(name).with_suffix(".pub")
    return signer, public if public.is_file() and public.read_bytes() == signer.public.pem else None


def _throwaway(out: Path) -> Path:
    """A key that only rehearsals use; made once for each artifacts folder."""
    from battery.certificate.keys import PASSPHRASE, generate, passphrase_of

    path = out / f"{THROWAWAY}.key"
    if not path.exists():
        private, _ = generate(out / THROWAWAY, passphrase_of(os.environ))
        protection = f", encrypted with {PASSPHRASE}" if passphrase_of(os.environ) else ""
        say(f"signing with a throw-away key ({private}{protection}): nobody should trust it")
    return path
