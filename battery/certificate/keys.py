"""Keys: made, stored, read. ECDSA P-256 by default (what cosign signs and verifies); Ed25519 is accepted."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256

from battery.certificate.dsse import encode64
from battery.errors import KeyUnusable, StoreError
from battery.store import write_atomically

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PASSPHRASE = "BATTERY_KEY_PASSPHRASE"  # noqa: S105 -- the name of a variable, not a secret
_SIZE_CAP = 64 * 1024


class PublicKey:
    """A key that verifies, pinned by the caller."""

    def __init__(self, key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> None:
        self._key = key

    @property
    def pem(self) -> bytes:
        """SPKI PEM."""
        return self._key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def hint(self) -> str:
        """base64 of the sha256 of the SPKI bytes."""
        der = self._key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return encode64(hashlib.sha256(der).digest())

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature was made over the data by this key's owner."""
        try:
            if isinstance(self._key, ec.EllipticCurvePublicKey):
                self._key.verify(signature, data, ec.ECDSA(SHA256()))
            else:
                self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


def generate(prefix: Path, passphrase: bytes | None) -> tuple[Path, Path]:
    """A new key pair as PREFIX.key (PKCS#8, mode 600, encrypted where there is a passphrase) and PREFIX.pub.

    Raises: StoreError rather than overwriting an existing key.
    """
    if not prefix.name:
        raise StoreError(f"{prefix}: is no prefix for file names; choose another --out")
    private, public = prefix.with_name(prefix.name + ".key"), prefix.with_name(prefix.name + ".pub")
    if os.path.lexists(public):
        raise StoreError(_exists(public))
    key = ec.generate_private_key(ec.SECP256R1())
    _write_new(private, private_pem(key, passphrase), 0o600)
    _write_new(public, public_of(key).pem, 0o644)
    return private, public


def private_pem(key: PrivateKey, passphrase: bytes | None) -> bytes:
    """PKCS#8 PEM.

    Raises: KeyUnusable when the passphrase is too long to encrypt with.
    """
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase)
    try:
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    except ValueError as error:
        raise KeyUnusable(f"{PASSPHRASE}: cannot be used: {error}") from error


def public_of(key: PrivateKey) -> PublicKey:
    """The public half."""
    return PublicKey(key.public_key())


def read_private(pem: bytes, name: str, passphrase: bytes | None) -> PrivateKey:
    """The private key in the PEM bytes.

    Raises: KeyUnusable for a wrong passphrase, another kind of key, or no key.
    """
    if b"PUBLIC KEY" in pem:
        raise KeyUnusable(f"{name}: is a public key; signing needs the private one (battery.key)")
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except TypeError as error:
        wanted = (
            f"is encrypted; set {PASSPHRASE}"
            if passphrase is None
            else f"is not encrypted; unset {PASSPHRASE}"
        )
        raise KeyUnusable(f"{name}: {wanted}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        problem = (
            f"cannot be decrypted: wrong {PASSPHRASE}"
            if b"ENCRYPTED" in pem
            else "is no PKCS#8 PEM private key"
        )
        raise KeyUnusable(f"{name}: {problem}") from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    raise KeyUnusable(f"{name}: is a {_kind(key)} key; expected ECDSA P-256 or Ed25519")


def read_public(pem: bytes, name: str) -> PublicKey:
    """The public key in the PEM bytes.

    Raises: KeyUnusable for a private key, another kind of key, or no key.
    """
    if b"PRIVATE KEY" in pem:
        raise KeyUnusable(f"{name}: is a private key; verifying needs the public one (battery.pub)")
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(f"{name}: is no SPKI PEM public key") from error
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return PublicKey(key)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey(key)
    raise KeyUnusable(f"{name}: is a {_kind(key)} key; expected ECDSA P-256 or Ed25519")


def read_key_file(path: Path) -> bytes:
    """The bytes of a key file.

    Raises: KeyUnusable when it is absent, unreadable or too large to be a key.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_CAP + 1)
    except OSError as error:
        raise KeyUnusable(
            f"{path}: cannot be read: {error.strerror}; `battery keygen` makes a key pair"
        ) from error
    if len(data) > _SIZE_CAP:
        raise KeyUnusable(f"{path}: is too large to be a key")
    return data


def passphrase_of(environ: Mapping[str, str]) -> bytes | None:
    """The passphrase that the environment gives."""
    value = environ.get(PASSPHRASE)
    return os.fsencode(value) if value else None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write all of a file that nobody wrote before, or nothing; unlike a rename, a link never replaces one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be made: {error.strerror}") from error
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    write_atomically(temporary, data, mode=mode)
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise StoreError(_exists(path)) from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _exists(path: Path) -> str:
    return f"{path}: exists already; a key is never overwritten, choose another --out"


def _kind(key: object) -> str:
    return type(key).__name__.removesuffix("PrivateKey").removesuffix("PublicKey").strip("_")
