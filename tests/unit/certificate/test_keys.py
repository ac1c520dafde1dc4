"""Keys: made once, never overwritten, and refused with the reason when they cannot be used."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519

from battery.certificate.keys import (
    PASSPHRASE,
    generate,
    passphrase_of,
    private_pem,
    public_of,
    read_key_file,
    read_private,
    read_public,
)
from battery.certificate.signers import KeySigner
from battery.certificate.verification import Outcome, verify
from battery.errors import KeyUnusable, StoreError
from tests.fakes.certified_run import certify, make_demands

P256 = ec.derive_private_key(11, ec.SECP256R1())
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
OTHERS = {
    "RSA": rsa.generate_private_key(65537, 2048),
    "P-384": ec.derive_private_key(11, ec.SECP384R1()),
    "secp256k1": ec.derive_private_key(11, ec.SECP256K1()),
    "Ed448": ed448.Ed448PrivateKey.generate(),
    "X25519": x25519.X25519PrivateKey.generate(),
    "DSA": dsa.generate_private_key(1024),
}


def pem_of(key: object) -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption())  # type: ignore[attr-defined, no-any-return]


def public_pem_of(key: object) -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, form)  # type: ignore[attr-defined, no-any-return]


def test_a_key_pair_is_made_with_a_private_half_that_only_its_owner_reads(tmp_path: Path) -> None:
    private, public = generate(tmp_path / "deep" / "release", None)
    assert (private.name, public.name) == ("release.key", "release.pub")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    key = read_private(private.read_bytes(), "release.key", None)
    assert public_of(key).pem == public.read_bytes()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert isinstance(key.curve, ec.SECP256R1)


def test_a_private_key_is_mode_600_even_under_a_generous_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        private, _ = generate(tmp_path / "release", None)
    finally:
        os.umask(before)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


@pytest.mark.parametrize("present", ["release.key", "release.pub"])
def test_a_key_is_never_overwritten(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_bytes(b"precious")
    with pytest.raises(StoreError, match="never overwritten"):
        generate(tmp_path / "release", None)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(present, b"precious")]


def test_a_link_in_the_key_s_place_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "release.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="never overwritten"):
        generate(tmp_path / "release", None)
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "release.pub").exists()


def test_a_folder_that_cannot_be_written_and_a_prefix_that_names_nothing_are_clear_errors(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be made"):
        generate(tmp_path / "file" / "release", None)
    with pytest.raises(StoreError, match="cannot be written: File name too long"):
        generate(tmp_path / ("x" * 253), None)
    with pytest.raises(StoreError, match="no prefix"):
        generate(Path(), None)


def test_a_full_disk_leaves_no_torn_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        generate(tmp_path / "release", None)
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_encrypts_the_private_key(tmp_path: Path) -> None:
    private, public = generate(tmp_path / "release", b"correct horse")
    assert b"ENCRYPTED" in private.read_bytes()
    assert public_of(read_private(private.read_bytes(), "k", b"correct horse")).pem == public.read_bytes()


def test_each_way_to_miss_the_passphrase_has_its_own_reason() -> None:
    locked, plain = private_pem(P256, b"right"), private_pem(P256, None)
    with pytest.raises(KeyUnusable, match=f"wrong {PASSPHRASE}"):
        read_private(locked, "battery.key", b"wrong")
    with pytest.raises(KeyUnusable, match=f"is encrypted; set {PASSPHRASE}"):
        read_private(locked, "battery.key", None)
    with pytest.raises(KeyUnusable, match=f"is not encrypted; unset {PASSPHRASE}"):
        read_private(plain, "battery.key", b"right")


def test_a_passphrase_that_is_too_long_is_a_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=PASSPHRASE):
        generate(tmp_path / "release", b"x" * 5000)
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_comes_from_the_environment_and_an_empty_one_is_none() -> None:
    assert passphrase_of({PASSPHRASE: "geheim ü"}) == "geheim ü".encode()
    assert passphrase_of({PASSPHRASE: os.fsdecode(b"\xff")}) == b"\xff"
    assert passphrase_of({PASSPHRASE: ""}) is None
    assert passphrase_of({}) is None


def test_a_public_key_does_not_sign_and_a_private_one_does_not_verify() -> None:
    with pytest.raises(KeyUnusable, match="is a public key"):
        read_private(public_pem_of(P256), "battery.pub", None)
    with pytest.raises(KeyUnusable, match="is a private key"):
        read_public(pem_of(P256), "battery.key")


@pytest.mark.parametrize("key", OTHERS.values(), ids=OTHERS.keys())
def test_a_key_of_another_kind_is_refused_by_name(key: object) -> None:
    with pytest.raises(KeyUnusable, match="expected ECDSA P-256 or Ed25519"):
        read_private(pem_of(key), "k", None)
    with pytest.raises(KeyUnusable, match="expected ECDSA P-256 or Ed25519"):
        read_public(public_pem_of(key), "k")


GARBAGE = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"


def test_what_is_no_key_is_refused() -> None:
    for data in (b"", b"\xff", GARBAGE.replace(b"PUBLIC", b"PRIVATE"), b"{}"):
        with pytest.raises(KeyUnusable, match="no PKCS#8 PEM private key"):
            read_private(data, "k", None)
    for data in (b"", b"\xff", GARBAGE, b"{}"):
        with pytest.raises(KeyUnusable, match="no SPKI PEM public key"):
            read_public(data, "k")


def test_an_openssh_key_is_refused() -> None:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH
    data = P256.private_bytes(encoding, form, serialization.NoEncryption())
    with pytest.raises(KeyUnusable, match="no PKCS#8"):
        read_private(data, "id_ecdsa", None)


def test_a_key_file_that_is_absent_a_folder_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=r"No such file.*keygen"):
        read_key_file(tmp_path / "absent")
    with pytest.raises(KeyUnusable, match="cannot be read"):
        read_key_file(tmp_path)
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 32)
    with pytest.raises(KeyUnusable, match="too large"):
        read_key_file(huge)


@pytest.mark.parametrize("key", [P256, ED25519], ids=["P-256", "Ed25519"])
def test_both_kinds_of_key_sign_and_verify_a_whole_certificate(key: ec.EllipticCurvePrivateKey) -> None:
    signer = KeySigner(read_private(pem_of(key), "k", None))
    certified = certify(signer=signer)
    public = read_public(public_pem_of(key), "k.pub")
    verification = verify(certified.bundle, make_demands(key=public, evidence=certified.items))
    assert verification.outcome is Outcome.ACCEPTED


def test_a_signature_of_one_algorithm_is_none_under_the_other() -> None:
    for one, other in ((P256, ED25519), (ED25519, P256)):
        certified = certify(signer=KeySigner(one))
        outcome = verify(certified.bundle, make_demands(key=public_of(other))).outcome
        assert outcome is Outcome.NOT_TRUSTED
