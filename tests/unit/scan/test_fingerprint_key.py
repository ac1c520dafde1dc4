"""The key of the fingerprints: from where it comes, and that it stays."""

import stat
from pathlib import Path

import pytest

from battery.errors import UsageError
from battery.scan.fingerprint_key import VARIABLE, fingerprint_key

KEY = "0123456789abcdef"


def test_a_key_that_is_made_is_kept_for_its_owner_only_and_stays_the_same(tmp_path: Path) -> None:
    first = fingerprint_key("", tmp_path, tmp_path / "state", {})
    second = fingerprint_key("", tmp_path, tmp_path / "state", {})
    assert (first.new, second.new) == (True, False)
    assert first.key == second.key
    assert stat.S_IMODE((tmp_path / "state" / "fingerprint.key").stat().st_mode) == 0o600


def test_the_environment_comes_before_the_file_and_the_file_before_the_kept_one(tmp_path: Path) -> None:
    (tmp_path / "my.key").write_text("f" * 32 + "\n")
    from_file = fingerprint_key("my.key", tmp_path, tmp_path / "state", {})
    assert (from_file.key, from_file.new) == (b"f" * 32, False)
    assert fingerprint_key("my.key", tmp_path, tmp_path / "state", {VARIABLE: KEY}).key == KEY.encode()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("named", "environ", "problem"),
    [
        ("", {VARIABLE: "short"}, f"{VARIABLE} holds 5 bytes; expected at least 16"),
        ("gone.key", {}, "gone.key does not exist; make it with"),
        (".", {}, "it should hold the key of the fingerprints"),
    ],
)
def test_what_is_no_key_is_told(tmp_path: Path, named: str, environ: dict[str, str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem.replace("(", r"\(")):
        fingerprint_key(named, tmp_path, tmp_path / "state", environ)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "fingerprint.key").mkdir()
    with pytest.raises(UsageError, match=r"fingerprint\.key"):
        fingerprint_key("", tmp_path, tmp_path / "state", {})
