"""Serving over TLS."""

import ssl
from pathlib import Path

import pytest

from battery.reference.tls.__main__ import main
from battery.reference.tls.choosing import chosen_context, speaks_tls

pytest.importorskip("cryptography", reason="certificates for trials are made with it")


def _spoken(server: ssl.SSLContext, client: ssl.SSLContext) -> str | None:
    """The version that both agree on, through memory instead of a network."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    ours = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    for _ in range(4):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return ours.version()


def test_a_certificate_is_made_and_believed_by_who_trusts_its_authority(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "certs")]) == 0
    assert "--tls-cert" in capsys.readouterr().out
    certificate, key = (tmp_path / "certs" / name for name in ("certificate.pem", "key.pem"))
    assert key.stat().st_mode & 0o077 == 0
    server = chosen_context(certificate, key, tmp_path, ())
    assert server
    client = ssl.create_default_context(cafile=str(tmp_path / "certs" / "authority.pem"))
    assert _spoken(server, client) == "TLSv1.3"
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _spoken(server, client) == "TLSv1.2"
    assert speaks_tls(certificate, ())


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_certificate_it_is_plain_http_unless_a_defect_wants_tls(tmp_path: Path) -> None:
    assert chosen_context(None, None, tmp_path, ()) is None
    assert not speaks_tls(None, ())
    expired = chosen_context(None, None, tmp_path, ("expired_certificate",))
    assert expired
    client = ssl.create_default_context(cafile=str(tmp_path / "tls" / "authority.pem"))
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        _spoken(expired, client)
    weak = chosen_context(None, None, tmp_path, ("weak_tls",))
    assert weak
    assert weak.minimum_version < ssl.TLSVersion.TLSv1_2
