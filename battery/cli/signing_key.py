"""The signing key of a run: the one that was named, battery.key, or a throw-away for demo and baseline."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import say

if TYPE_CHECKING:
    from battery.certificate.signers import Signer

DEFAULT = Path("battery.key")
THROWAWAY = "throwaway"
REHEARSALS = "rehearsals"  # the folder of the ledger that throw-away keys sign


def signing_key(name: str | None, public_key: Path | None) -> "tuple[Signer, Path | None]":
    """The signer, and the file of its public key where there is one.

    Raises: KeyUnusable, UsageError when there is no key.
    """
    from battery.certificate.signers import open_signer
    from battery.errors import UsageError

    if name is None and not DEFAULT.exists():
        raise UsageError("no signing key: make one with `battery keygen`, then --key battery.key")
    name = str(DEFAULT) if name is None else name
    signer = open_signer(name, public_key, os.environ)
    _forget(name)
    public = public_key or Path(name).with_suffix(".pub")
    return signer, public if _holds(public, signer) else None


def _forget(name: str) -> None:
    """Checks and their child processes inherit the environment; the key and its passphrase are not theirs to see."""
    from battery.certificate.keys import PASSPHRASE

    os.environ.pop(PASSPHRASE, None)
    if name.startswith("env:"):
        os.environ.pop(name.removeprefix("env:"), None)


def throwaway_key(artifacts: Path) -> "tuple[Signer, Path | None]":
    """The key that only rehearsals use; made once for each artifacts folder, not encrypted.

    Raises: KeyUnusable, StoreError.
    """
    from battery.certificate.keys import generate
    from battery.certificate.signers import open_signer
    from battery.errors import StoreError
    from battery.store import locked

    path = artifacts / f"{THROWAWAY}.key"
    try:
        artifacts.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{artifacts}: cannot be made: {error.strerror}") from error
    with locked(artifacts / f".{THROWAWAY}.lock", wait=True):
        if not path.exists():
            generate(artifacts / THROWAWAY, None)
            say(f"signing with a throw-away key ({path}): nobody should trust it")
    # No environment: a passphrase there protects the user's key, not this one.
    signer, public = open_signer(str(path), None, {}), path.with_suffix(".pub")
    return signer, public if _holds(public, signer) else None


def _holds(public: Path, signer: "Signer") -> bool:
    try:
        return public.read_bytes() == signer.public.pem
    except OSError:
        return False
