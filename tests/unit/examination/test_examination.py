"""The examination says what is there and what is lacking, and never fails over it."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from battery.examination import Item, examine


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def looked(
    config: str = "battery.toml", out: str = "artifacts", *, asked_for: bool = False
) -> dict[str, Item]:
    return {item.name: item for item in examine(Path(config), Path(out), asked_for=asked_for)}


def write(text: str) -> None:
    Path("battery.toml").write_text(text)


def test_an_empty_folder_lacks_nothing_that_every_run_needs() -> None:
    found = looked()
    assert [item.name for item in found.values() if item.needed and not item.ok] == []
    assert found["battery.toml"].detail == "no battery.toml: `battery init` writes one"
    assert "`battery keygen` makes one" in found["signing key"].detail
    assert found["python"].ok


def test_a_configuration_that_somebody_named_is_needed() -> None:
    item = looked("mine.toml", asked_for=True)["battery.toml"]
    assert (item.ok, item.needed) == (False, True)


def test_artifacts_are_looked_for_in_the_nearest_folder_that_exists() -> None:
    item = looked(out="a/b/c")["artifacts"]
    assert item.ok
    assert "a/b/c: writable, " in item.detail
    assert not Path("a").exists()


def test_a_file_in_the_place_of_artifacts_is_a_fault() -> None:
    Path("artifacts").touch()
    item = looked()["artifacts"]
    assert (item.ok, item.needed) == (False, True)
    assert item.detail == "artifacts: cannot be written: Not a directory"


def test_a_disk_that_is_nearly_full_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("battery.examination._LEAST_FREE_MIB", 2**40)
    item = looked()["artifacts"]
    assert not item.ok
    assert item.detail.endswith("MiB free, a run needs 1099511627776")


def test_a_key_is_found() -> None:
    Path("battery.key").touch()
    assert looked()["signing key"].detail == "battery.key found"


def test_a_broken_configuration_is_told_in_its_own_words() -> None:
    write("[targt]")
    item = looked()["battery.toml"]
    assert (item.ok, item.needed) == (False, True)
    assert item.detail == 'battery.toml: targt: unknown key (did you mean "target"?)'


def test_a_dangling_configuration_is_told() -> None:
    Path("battery.toml").symlink_to("nowhere")
    assert "no such file" in looked()["battery.toml"].detail


def test_loosened_rules_are_named() -> None:
    write('[gates]\nlimit = { "G1:coverage.line" = 50, "G7:bootstrap.cold" = 5 }')
    assert looked()["battery.toml"].detail == "battery.toml: sound, loosened rules: G1:coverage.line"


def test_an_impossible_limit_names_the_file_that_was_given() -> None:
    Path("mine.toml").write_text('[gates]\nlimit = { "G1:nothing" = 50 }')
    assert looked("mine.toml")["battery.toml"].detail.startswith(
        'mine.toml: gates.limit."G1:nothing": no such rule'
    )


def test_variables_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        '[target]\nheaders = { A = "env:SET", B = "env:NOT_SET" }\n[process]\npid_file = "x"\nenv = { C = "env:TINY" }'
    )
    monkeypatch.setenv("SET", "long enough")
    monkeypatch.setenv("TINY", "abc")
    item = looked()["variables"]
    assert (item.ok, item.needed) == (False, True)
    assert item.detail == "not set: NOT_SET; too short to be masked in artifacts: TINY"
    monkeypatch.setenv("NOT_SET", "set now")
    monkeypatch.setenv("TINY", "long enough")
    assert looked()["variables"].detail == "3 referred to, all set"


def test_waivers_are_read_and_expired_ones_named() -> None:
    write('[run]\nwaivers = "waivers.toml"')
    assert looked()["waivers"].detail.endswith("waivers.toml: no such file")
    now = datetime.now(UTC)
    waiver = '[[waiver]]\nrule = "G1:coverage.line"\nowner = "a"\nreason = "b"\nexpires = {}\n'
    Path("waivers.toml").write_text(waiver.format((now + timedelta(days=1)).isoformat()))
    assert looked()["waivers"].ok
    Path("waivers.toml").write_text(waiver.format((now - timedelta(days=1)).isoformat()))
    item = looked()["waivers"]
    assert not item.ok
    assert item.detail.endswith("expired, so the run will fail: G1:coverage.line")


def test_a_target_that_answers_and_one_that_does_not(listening: int) -> None:
    write(f'[target]\nurl = "http://127.0.0.1:{listening}"')
    assert looked()["target"].detail == f"http://127.0.0.1:{listening}: accepts connections"
    write('[target]\nurl = "http://127.0.0.1:1"')
    item = looked()["target"]
    assert (item.ok, item.needed) == (False, False)
    assert "Connection refused" in item.detail


def test_a_host_name_that_dns_cannot_carry_is_told() -> None:
    write(f'[target]\nurl = "http://{"a" * 70}.example"')
    assert not looked()["target"].ok


def test_no_url_is_told() -> None:
    write("")
    assert looked()["target"].detail == "no [target] url: give one there, or as `battery certify URL`"


def test_tools_are_looked_for_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert looked()["git"].detail == "not on PATH (makes clean checkouts for the bootstrap drill)"
    (tmp_path / "git").touch(mode=0o755)
    assert looked()["git"].detail == str(tmp_path / "git")
