"""battery keygen: a key pair, once."""

import json
import stat
from pathlib import Path

import pytest

from battery.certificate.keys import PASSPHRASE, read_private, read_public
from battery.cli import main


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PASSPHRASE, raising=False)


def test_a_pair_is_made_in_the_current_folder_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keygen"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    private, public = err.splitlines()
    assert private.startswith("battery.key: the private key, ECDSA P-256, mode 600, not encrypted")
    assert public.startswith("battery.pub: the public key, ")
    assert stat.S_IMODE(Path("battery.key").stat().st_mode) == 0o600
    assert read_public(Path("battery.pub").read_bytes(), "battery.pub").hint in public


def test_a_passphrase_in_the_environment_encrypts_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSPHRASE, "secret")
    assert main(["keygen", "--out", "keys/release", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["private"], found["public"]) == ("keys/release.key", "keys/release.pub")
    read_private(Path("keys/release.key").read_bytes(), "release.key", b"secret")


def test_an_empty_passphrase_is_a_secret_that_ci_did_not_find(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSPHRASE, "")
    assert main(["keygen"]) == 64
    assert "is set and empty" in capsys.readouterr().err
    assert not Path("battery.key").exists()


def test_a_second_call_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keygen"]) == 0
    before = Path("battery.key").read_bytes()
    assert main(["keygen"]) == 64
    assert Path("battery.key").read_bytes() == before
    assert "never overwritten" in capsys.readouterr().err


def test_a_prefix_that_names_nothing_is_one_line_and_exit_64(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keygen", "--out", "."]) == 64
    assert len(capsys.readouterr().err.splitlines()) == 1
