"""Signers: a file, a variable of the environment, or a securesystemslib URI."""

from pathlib import Path

import pytest

from battery.certificate.issue import issue
from battery.certificate.keys import PASSPHRASE, generate, private_pem, public_of
from battery.certificate.signers import KeySigner, UriSigner, open_signer
from battery.certificate.verification import Outcome, verify
from battery.errors import KeyUnusable
from tests.fakes.certified_run import OTHER_SIGNER, SIGNER, CertifiedRun, make_demands
from tests.fakes.signer import PIN, SCHEME, registered


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A key pair on disk."""
    return generate(tmp_path / "battery", None)


def test_a_key_file_signs(pair: tuple[Path, Path]) -> None:
    signer = open_signer(str(pair[0]), None, {})
    assert signer.public.pem == pair[1].read_bytes()
    assert signer.public.verifies(signer.sign(b"data"), b"data")


def test_a_key_file_with_a_colon_in_its_name_is_a_file_where_it_exists(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    odd = pair[0].rename(tmp_path / "release:2026.key")
    assert open_signer(str(odd), None, {}).public.pem == pair[1].read_bytes()


def test_an_encrypted_key_file_takes_its_passphrase_from_the_environment(tmp_path: Path) -> None:
    private, public = generate(tmp_path / "battery", b"secret")
    assert open_signer(str(private), None, {PASSPHRASE: "secret"}).public.pem == public.read_bytes()
    with pytest.raises(KeyUnusable, match="is encrypted"):
        open_signer(str(private), None, {})


def test_a_variable_of_the_environment_signs(pair: tuple[Path, Path]) -> None:
    signer = open_signer("env:SIGNING_KEY", None, {"SIGNING_KEY": pair[0].read_text()})
    assert signer.public.pem == pair[1].read_bytes()


def test_a_variable_that_is_not_set_or_holds_no_key_is_refused_without_showing_it() -> None:
    with pytest.raises(KeyUnusable, match="SIGNING_KEY is not set"):
        open_signer("env:SIGNING_KEY", None, {})
    with pytest.raises(KeyUnusable) as refused:
        open_signer("env:SIGNING_KEY", None, {"SIGNING_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_a_key_pasted_onto_the_command_line_is_refused_without_showing_it(pair: tuple[Path, Path]) -> None:
    with pytest.raises(KeyUnusable) as refused:
        open_signer(pair[0].read_text(), None, {})
    assert pair[0].read_text().splitlines()[1] not in str(refused.value)


def test_the_library_s_file_signer_signs_a_whole_certificate(
    pair: tuple[Path, Path], certified: CertifiedRun
) -> None:
    signer = open_signer(f"file2:{pair[0]}", pair[1], {})
    assert isinstance(signer, UriSigner)
    _, bundle = issue(certified.statement, signer)
    assert verify(bundle, make_demands(key=signer.public)).outcome is Outcome.ACCEPTED


def test_a_uri_needs_the_public_half() -> None:
    with pytest.raises(KeyUnusable, match="--public-key"):
        open_signer("file2:/nowhere", None, {})


def test_a_uri_of_an_unknown_scheme_names_the_known_ones(pair: tuple[Path, Path]) -> None:
    with pytest.raises(KeyUnusable, match=r"unknown signer; known are env,.*awskms"):
        open_signer("pigeon:post", pair[1], {})


def test_a_uri_that_leads_nowhere_is_refused_in_one_line(pair: tuple[Path, Path]) -> None:
    for uri in ("file2:/nowhere/at/all", f"file2:{pair[1]}", f"{SCHEME}:absent"):
        with (
            registered(SIGNER),
            pytest.raises(KeyUnusable, match=f"--key {uri.partition(':')[0]}:…") as refused,
        ):
            open_signer(uri, pair[1], {})
        assert "\n" not in str(refused.value)


def public_file(folder: Path, signer: KeySigner) -> Path:
    path = folder / "signer.pub"
    path.write_bytes(signer.public.pem)
    return path


def test_a_keeper_of_keys_behind_a_uri_signs_a_whole_certificate(
    tmp_path: Path, certified: CertifiedRun
) -> None:
    with registered(SIGNER):
        signer = open_signer(f"{SCHEME}:release", public_file(tmp_path, SIGNER), {})
        _, bundle = issue(certified.statement, signer)
    assert verify(bundle, make_demands()).outcome is Outcome.ACCEPTED


def test_a_keeper_s_pin_is_the_passphrase_in_the_environment(tmp_path: Path, certified: CertifiedRun) -> None:
    public = public_file(tmp_path, SIGNER)
    with registered(SIGNER):
        issue(certified.statement, open_signer(f"{SCHEME}:locked", public, {PASSPHRASE: PIN}))
        with pytest.raises(KeyUnusable, match="wrong PIN"):
            issue(certified.statement, open_signer(f"{SCHEME}:locked", public, {PASSPHRASE: "0000"}))
        with pytest.raises(KeyUnusable, match=f"asks for its pin; set {PASSPHRASE}"):
            issue(certified.statement, open_signer(f"{SCHEME}:locked", public, {}))


def test_a_keeper_that_fails_is_a_clear_error(tmp_path: Path, certified: CertifiedRun) -> None:
    with registered(SIGNER, broken=OSError("quota exceeded")):
        signer = open_signer(f"{SCHEME}:release", public_file(tmp_path, SIGNER), {})
        with pytest.raises(KeyUnusable, match="quota exceeded"):
            issue(certified.statement, signer)


def test_a_keeper_that_signs_with_another_key_is_caught_before_anything_is_written(
    tmp_path: Path, certified: CertifiedRun
) -> None:
    with registered(OTHER_SIGNER):
        signer = open_signer(f"{SCHEME}:release", public_file(tmp_path, SIGNER), {})
        with pytest.raises(KeyUnusable, match="does not verify"):
            issue(certified.statement, signer)


def test_a_private_key_given_as_the_public_half_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    path = tmp_path / "oops.pub"
    key = ec.derive_private_key(5, ec.SECP256R1())
    path.write_bytes(private_pem(key, None))
    with registered(KeySigner(key)), pytest.raises(KeyUnusable, match="is a private key"):
        open_signer(f"{SCHEME}:release", path, {})
    assert public_of(key).pem
