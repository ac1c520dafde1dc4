"""TLS contexts and the certificates for trials."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from battery.reference.tls.__main__ import main
from battery.reference.tls.certificates import make_certificates
from battery.reference.tls.choosing import chosen_context, speaks_tls
from battery.reference.tls.context import strict_context, weak_context

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def served_by(file: Path) -> x509.Certificate:
    """The certificate in a file."""
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_a_certificate_stands_for_this_machine_and_its_authority_vouches_for_it(tmp_path: Path) -> None:
    files = make_certificates(tmp_path / "tls", NOW, days=10)
    leaf, authority = served_by(files.certificate), served_by(files.authority)
    leaf.verify_directly_issued_by(authority)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert leaf.not_valid_before_utc < NOW < leaf.not_valid_after_utc == NOW + timedelta(days=10)
    assert files.key.stat().st_mode & 0o777 == 0o600


def test_an_expired_one_can_be_made_by_an_authority_that_is_not(tmp_path: Path) -> None:
    files = make_certificates(tmp_path, NOW, days=-1)
    assert served_by(files.certificate).not_valid_after_utc == NOW - timedelta(days=1)
    assert served_by(files.authority).not_valid_after_utc > NOW
    make_certificates(tmp_path, NOW)  # again, over the old ones


def test_the_strict_context_speaks_what_is_strong(tmp_path: Path) -> None:
    files = make_certificates(tmp_path, NOW)
    context = strict_context(files.certificate, files.key)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    old = [cipher for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"]
    assert old
    assert all(cipher["name"].startswith("ECDHE-") and cipher["aead"] for cipher in old)


def test_the_weak_context_speaks_what_is_not(tmp_path: Path) -> None:
    files = make_certificates(tmp_path, NOW)
    context = weak_context(files.certificate, files.key)
    assert context.minimum_version == ssl.TLSVersion.TLSv1
    assert any(cipher["name"] == "AES128-SHA" for cipher in context.get_ciphers())


def test_what_is_served_is_what_was_asked_for(tmp_path: Path) -> None:
    files = make_certificates(tmp_path / "own", NOW)
    assert chosen_context(None, None, tmp_path, ()) is None
    own = chosen_context(files.certificate, files.key, tmp_path, ())
    assert own is not None
    assert own.minimum_version == ssl.TLSVersion.TLSv1_2
    weak = chosen_context(files.certificate, files.key, tmp_path, ("weak_tls",))
    assert weak is not None
    assert weak.minimum_version == ssl.TLSVersion.TLSv1
    assert not (tmp_path / "tls").exists()
    assert chosen_context(None, None, tmp_path, ("weak_tls",)) is not None
    assert chosen_context(files.certificate, files.key, tmp_path, ("expired_certificate",)) is not None
    assert served_by(tmp_path / "tls" / "certificate.pem").not_valid_after_utc < datetime.now(UTC)


@pytest.mark.parametrize(
    ("defects", "speaks"),
    [((), False), (("leak",), False), (("weak_tls",), True), (("expired_certificate",), True)],
)
def test_a_defect_of_tls_speaks_tls(defects: tuple[str, ...], speaks: bool) -> None:
    assert speaks_tls(None, defects) is speaks
    assert speaks_tls(Path("certificate.pem"), defects) is True


def test_the_command_makes_them_and_says_how_they_are_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "tls"), "--days", "5"]) == 0
    assert "--tls-cert" in capsys.readouterr().out
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file")]) == 1
    assert "cannot write to" in capsys.readouterr().err
