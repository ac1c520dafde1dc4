"""battery scan of a URL: what the exit code means, which requests were sent, and what battery.toml must say."""

import json
from pathlib import Path

import pytest

from tests.fakes.commands import Said, run
from tests.integration.scan.target.scripted import Heard, serving, sound
from tests.integration.scan.target.scripted import Said as Answer


def open_door(heard: Heard) -> Answer:
    """A sound service with its environment file served."""
    if heard.path == "/.env":
        return Answer(
            200, {"Content-Type": "text/plain"}, "DATABASE_PASSWORD=hunter2hunter2\nSECRET_KEY=abcdefabcdef\n"
        )
    return sound(heard)


def scan(here: Path, url: str, *more: str) -> Said:
    return run("scan", url, "--intensity", "smoke", "--json", *more, cwd=here)


def test_a_sound_target_passes_what_was_asked_and_every_request_can_be_listed(tmp_path: Path) -> None:
    with serving(sound) as url:
        said = scan(tmp_path, url, "--public", "--scanner", "headers,methods,exposed,access,abuse", "--trace")
    assert (said.code, said.json["status"]) == (0, "pass")
    assert {exchange["url"].startswith(url) for exchange in said.json["trace"]} == {True}
    assert f"headers: GET {url}/ -> " in said.err
    folder = tmp_path / said.json["run"]
    assert json.loads((folder / "results.sarif").read_bytes())["runs"][0]["invocations"][0][
        "executionSuccessful"
    ]
    assert not (folder / "sbom.cdx.json").exists()


def test_an_exposed_file_fails_by_its_rule(tmp_path: Path) -> None:
    with serving(open_door) as url:
        said = scan(tmp_path, url, "--scanner", "exposed")
    assert said.code == 1
    assert "target.exposed.env" in said.out
    assert "hunter2hunter2" not in said.out + said.err


@pytest.mark.parametrize(
    ("scanner", "hint"),
    [("access", "declare the target public"), ("fuzz", "[security.not_applicable] fuzz")],
)
def test_what_nobody_described_is_undecided_and_says_what_to_write(
    tmp_path: Path, scanner: str, hint: str
) -> None:
    with serving(sound) as url:
        said = scan(tmp_path, url, "--scanner", scanner)
    assert (said.code, said.json["status"]) == (2, "undecided")
    assert hint in said.err


def test_a_target_that_does_not_answer_is_undecided(tmp_path: Path) -> None:
    said = scan(tmp_path, "http://127.0.0.1:1", "--scanner", "headers")
    assert said.code == 2
    assert "does not answer at http://127.0.0.1:1" in said.err


def test_certify_takes_in_the_scans_of_battery_toml(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "load.py").write_text("import json\n")
    (tmp_path / "battery.toml").write_text('[source]\npath = "app"\n')
    said = run("keygen", cwd=tmp_path, BATTERY_KEY_PASSPHRASE="correct horse")
    assert said.code == 0
    said = run(
        "certify", "--only", "security", "--json", cwd=tmp_path, BATTERY_KEY_PASSPHRASE="correct horse"
    )
    gate = next(gate for gate in said.json["gates"] if gate["gate"] == "G5")
    assert gate["status"] == "undecided"
    assert any("security_source.logs skipped" in problem for problem in gate["problems"])
    assert any("security_target.scanner[tls] skipped: no target" in problem for problem in gate["problems"])
