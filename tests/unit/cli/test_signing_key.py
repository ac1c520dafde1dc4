"""Which key signs a run."""

import threading
from pathlib import Path

import pytest

from battery.certificate.keys import generate
from battery.cli.signing_key import signing_key, throwaway_key
from battery.errors import KeyUnusable, StoreError, UsageError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BATTERY_KEY_PASSPHRASE", raising=False)
    return tmp_path


def test_without_a_key_there_is_none() -> None:
    with pytest.raises(UsageError, match="battery keygen"):
        signing_key(None, None)


def test_the_key_here_is_used_and_one_that_is_named_before_it(here: Path) -> None:
    generate(Path("battery"), None)
    generate(Path("other"), None)
    default, default_public = signing_key(None, None)
    other, other_public = signing_key("other.key", None)
    assert default.public.pem != other.public.pem
    assert (default_public, other_public) == (Path("battery.pub"), Path("other.pub"))


def test_a_name_that_is_empty_is_no_default() -> None:
    generate(Path("battery"), None)
    with pytest.raises(KeyUnusable):
        signing_key("", None)


@pytest.mark.parametrize("damage", ["gone", "another"])
def test_a_public_file_that_is_not_its_half_is_not_named(here: Path, damage: str) -> None:
    generate(Path("mine"), None)
    Path("mine.pub").unlink()
    if damage == "another":
        generate(Path("other"), None)
        Path("other.pub").rename("mine.pub")
    assert signing_key("mine.key", None)[1] is None


def test_a_throw_away_is_made_once_and_its_passphrase_is_nobodys(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, public = throwaway_key(here / "artifacts")
    assert public == here / "artifacts/throwaway.pub"
    monkeypatch.setenv("BATTERY_KEY_PASSPHRASE", "correct horse")
    again, _ = throwaway_key(here / "artifacts")
    assert first.public.pem == again.public.pem
    assert (here / "artifacts/throwaway.key").stat().st_mode & 0o777 == 0o600


def test_those_who_ask_at_once_get_one_key(here: Path) -> None:
    found: list[bytes] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        found.append(throwaway_key(here / "artifacts")[0].public.pem)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_where_no_folder_can_be_there_is_no_throw_away(here: Path) -> None:
    (here / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        throwaway_key(here / "file" / "artifacts")
