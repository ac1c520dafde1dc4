"""A signer in the shape of securesystemslib's, for a URI scheme that only tests register."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, Key, Signature
from securesystemslib.signer import Signer as LibrarySigner

from battery.certificate.signers import KeySigner

SCHEME, PIN = "fakekms", "4321"


class FakeSigner(LibrarySigner):
    """Signs with a key in memory, or fails as a cloud's client would."""

    keeper: KeySigner
    broken: Exception | None = None
    ask: Callable[[str], str] | None = None

    def __init__(self, key: Key) -> None:
        self._key = key

    @property
    def public_key(self) -> Key:
        """The key that the URI's caller gave."""
        return self._key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: Any = None
    ) -> "FakeSigner":
        """The signer behind `fakekms:NAME`; `absent` names no key, `locked` one that asks for its PIN."""
        if priv_key_uri.endswith(":absent"):
            raise ValueError("no key of that name\nin this keeper")
        signer = cls(public_key)
        if priv_key_uri.endswith(":locked"):
            signer.ask = secrets_handler
        return signer

    def sign(self, payload: bytes) -> Signature:
        """A signature by the keeper, whatever public key was given."""
        if self.ask is not None and self.ask("pin") != PIN:
            raise ValueError("wrong PIN")
        if self.broken is not None:
            raise self.broken
        return Signature(self._key.keyid, self.keeper.sign(payload).hex())


@contextmanager
def registered(keeper: KeySigner, broken: Exception | None = None) -> Iterator[None]:
    """`fakekms:` signs with the keeper's key while this is open."""
    kind = type("RegisteredSigner", (FakeSigner,), {"keeper": keeper, "broken": broken})
    SIGNER_FOR_URI_SCHEME[SCHEME] = kind
    try:
        yield
    finally:
        del SIGNER_FOR_URI_SCHEME[SCHEME]
