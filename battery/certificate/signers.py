"""Signers: what can sign a certificate, named by a file, a variable of the environment, or a signer URI."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from battery.certificate.keys import (
    PASSPHRASE,
    PrivateKey,
    PublicKey,
    passphrase_of,
    public_of,
    read_key_file,
    read_private,
    read_public,
)
from battery.certificate.one_line import one_line
from battery.errors import KeyUnusable

_ENVIRONMENT = "env:"


class Signer(Protocol):
    """Signs bytes; knows the key that verifies."""

    @property
    def public(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """A signature over the data: DER for ECDSA, raw for Ed25519.

        Raises: KeyUnusable when the key's keeper refuses.
        """
        ...


class KeySigner:
    """Signs with a private key held in memory."""

    def __init__(self, key: PrivateKey) -> None:
        self._key = key
        self.public = public_of(key)

    def sign(self, data: bytes) -> bytes:
        """A signature over the data."""
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(SHA256()))
        return self._key.sign(data)


class UriSigner:
    """Signs through securesystemslib: a cloud's KMS, an HSM, a Vault."""

    def __init__(self, uri: str, public: PublicKey, passphrase: bytes | None) -> None:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, SSlibKey
        from securesystemslib.signer import Signer as LibrarySigner

        scheme = uri.partition(":")[0]
        if scheme not in SIGNER_FOR_URI_SCHEME:
            known = ", ".join(sorted(SIGNER_FOR_URI_SCHEME))
            raise KeyUnusable(f"--key {scheme}:…: unknown signer; known are env, {known}")
        self.public = public
        self._scheme = scheme
        self._passphrase = passphrase
        try:
            # The loaded key is P-256 or Ed25519: read_public let nothing else through.
            key = SSlibKey.from_crypto(load_pem_public_key(public.pem))
            self._signer = LibrarySigner.from_priv_key_uri(uri, key, self._secret)
        except KeyUnusable:
            raise
        except Exception as error:
            raise KeyUnusable(f"--key {scheme}:…: {_in_one_line(error)}") from error

    def sign(self, data: bytes) -> bytes:
        """A signature over the data."""
        try:
            return bytes.fromhex(self._signer.sign(data).signature)
        except KeyUnusable:
            raise
        except Exception as error:
            raise KeyUnusable(f"--key {self._scheme}:…: {_in_one_line(error)}") from error

    def _secret(self, name: str) -> str:
        """What the keeper asks for, such as an HSM's PIN."""
        if self._passphrase is None:
            raise KeyUnusable(f"--key {self._scheme}:…: asks for its {name}; set {PASSPHRASE}")
        return os.fsdecode(self._passphrase)


def open_signer(name: str, public_key: Path | None, environ: Mapping[str, str]) -> Signer:
    """The signer that `--key` names: a PEM file, env:VARIABLE, or a signer URI with its public key.

    Raises: KeyUnusable.
    """
    passphrase = passphrase_of(environ)
    if "PRIVATE KEY" in name:
        raise KeyUnusable(f"--key: holds a key itself; name its file, or a variable as in {_ENVIRONMENT}NAME")
    if name.startswith(_ENVIRONMENT):
        variable = name.removeprefix(_ENVIRONMENT)
        if not environ.get(variable):
            raise KeyUnusable(f"--key {name}: the variable {variable} is not set")
        return KeySigner(read_private(environ[variable].encode(), name, passphrase))
    if ":" in name and not os.path.lexists(name):
        if public_key is None:
            raise KeyUnusable(
                f"--key {name.partition(':')[0]}:…: a signer URI needs --public-key with its PEM file"
            )
        return UriSigner(name, read_public(read_key_file(public_key), str(public_key)), passphrase)
    return KeySigner(read_private(read_key_file(Path(name)), name, passphrase))


def _in_one_line(error: Exception) -> str:
    return one_line(" ".join(f"{type(error).__name__}: {error}".split()))
