"""battery scan as a user runs it on a source tree: what it finds, what it cannot say, and what it leaves behind."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from battery import clock
from tests.fakes.commands import Said, run
from tests.fakes.osv_folder import osv_folder

SECRET = "AKIA" + "Z7Q4M2XK9P1LW3RT"  # in the form of a key, and nobody's
SOUND = "import json\n\n\ndef load(text: str) -> object:\n    return json.loads(text)\n"
UNSOUND = "import subprocess\n\nsubprocess.call(input(), shell=True)\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A sound little project with everything that the scanners look at."""
    source = tmp_path / "app"
    source.mkdir()
    (source / "load.py").write_text(SOUND)
    (source / "settings.toml").write_text("debug = false\n")
    (source / "requirements.txt").write_text("jinja2==3.1.6\n")
    osv_folder(tmp_path / "osv")
    return tmp_path


def scan(here: Path, *more: str, **environ: str) -> Said:
    return run("scan", "--source", "app", "--osv-db", "osv", "--json", *more, cwd=here, **environ)


def soon() -> str:
    return f"{clock.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"


def rules_of(said: Said) -> list[str]:
    return [item["finding"]["rule"] for each in said.json["scans"] for item in each["findings"]]


def test_a_sound_tree_passes_and_leaves_its_bill_of_materials(here: Path) -> None:
    said = scan(here)
    assert (said.code, said.json["status"], rules_of(said)) == (0, "pass", [])
    folder = here / said.json["run"]
    bill = json.loads((folder / "sbom.cdx.json").read_bytes())
    assert [component["name"] for component in bill["components"]] == ["jinja2"]
    log = json.loads((folder / "results.sarif").read_bytes())
    assert log["runs"][0]["invocations"][0]["executionSuccessful"]
    scanned = {
        each["scanner"]: each["ledger"]["scanned"] for item in said.json["scans"] for each in item["scans"]
    }
    assert scanned == {"code": 1, "secrets": 3, "configuration": 1, "sbom": 1, "vulnerabilities": 1}


def test_planted_defects_fail_by_their_rules_and_no_artifact_holds_the_secret(here: Path) -> None:
    (here / "app" / "run.py").write_text(UNSOUND)
    (here / "app" / "keys.py").write_text(f'aws_key = "{SECRET}"\n')
    (here / "app" / "requirements.txt").write_text("jinja2==2.4.1\n")
    said = scan(here)
    assert (said.code, said.json["status"]) == (1, "fail")
    assert {"code.B602", "secrets.aws-access-key", "vulnerability.critical"} <= set(rules_of(said))
    assert "Upgrade jinja2 from 2.4.1 to 2.10.1 or later" in said.out
    assert "run.py" in said.err
    kept = [path for path in (here / "artifacts").rglob("*") if path.is_file()]
    assert len(kept) > 10
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]
    assert SECRET not in said.out + said.err


def test_without_data_on_vulnerabilities_nothing_is_certain(here: Path) -> None:
    said = run("scan", "--source", "app", "--json", cwd=here)
    assert (said.code, said.json["status"]) == (2, "undecided")
    assert "--online or --osv-db" in said.err


def test_what_cannot_be_parsed_is_no_green(here: Path) -> None:
    (here / "app" / "broken.py").write_text("def f(:\n")
    said = scan(here, "--scanner", "code")
    assert said.code == 2
    assert "broken.py" in said.err


def test_a_scanner_that_is_not_applicable_is_not_run_and_stands_on_the_plan(here: Path) -> None:
    (here / "app" / "settings.toml").unlink()
    assert scan(here).code == 2
    (here / "battery.toml").write_text('[security.not_applicable]\nconfiguration = "it has no settings"\n')
    said = scan(here)
    assert said.code == 0
    plan = json.loads((here / said.json["run"] / "plan.json").read_bytes())
    assert [(change["rule"], change["used"]) for change in plan["changes"]] == [
        ("G5:scanner.configuration", "not applicable: it has no settings")
    ]


def test_a_waiver_by_fingerprint_holds_in_the_next_run_and_not_for_another_place(here: Path) -> None:
    (here / "app" / "run.py").write_text(UNSOUND)
    first = scan(here)
    found = [item["finding"] for each in first.json["scans"] for item in each["findings"]]
    (finding,) = [item for item in found if item["severity"] == "critical"]
    waiver = (
        f'[[waiver]]\nfinding = "{finding["fingerprint"]}"\nreason = "a tool for developers"\n'
        f'owner = "ann@example.com"\nexpires = {soon()}\n'
    )
    (here / "waivers.toml").write_text(waiver)
    (here / "battery.toml").write_text('[run]\nwaivers = "waivers.toml"\n')
    moved = "\n\n" + UNSOUND
    (here / "app" / "run.py").write_text(moved)
    assert scan(here).code == 0
    (here / "app" / "run.py").write_text(moved + UNSOUND)
    assert scan(here).code == 1


def test_new_since_counts_only_what_a_change_adds(here: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=ann", "-c", "user.email=ann@example.com")
        subprocess.run(["git", *who, *words], cwd=here / "app", check=True, capture_output=True)

    (here / "app" / "old.py").write_text(UNSOUND)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    (here / "app" / "old.py").write_text("# moved down\n" + UNSOUND)
    said = scan(here, "--new-since", "HEAD")
    assert (said.code, rules_of(said)) == (0, [])
    assert "2 findings that stood before the change" in said.err
    (here / "app" / "new.py").write_text(UNSOUND)
    assert scan(here, "--new-since", "HEAD").code == 1
    unknown = scan(here, "--new-since", "no-such-commit")
    assert unknown.code == 64
    assert "no-such-commit" in unknown.last


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--source", "app/load.py"), "is a file"),
        (("--source", "gone"), "does not exist"),
        (("--source", "app", "--scanner", "cod"), "did you mean code?"),
        (("--source", "app", "--scanner", "tls"), "give its URL"),
        (("http://127.0.0.1:1", "--scanner", "code"), "give --source DIR"),
        (("127.0.0.1:8000",), "http://127.0.0.1:8000"),
        ((), "nothing to scan"),
        (("--source", "app", "--osv-db", "gone"), "gone does not exist"),
        (("--source", "app", "--environment", "gone"), "gone is not a folder"),
    ],
)
def test_bad_input_is_one_line(here: Path, words: tuple[str, ...], problem: str) -> None:
    said = run("scan", *words, cwd=here)
    assert said.code == 64
    assert problem in said.last
    assert "Traceback" not in said.err


def test_a_key_for_fingerprints_may_come_from_the_environment(here: Path) -> None:
    (here / "app" / "run.py").write_text(UNSOUND)
    key = os.urandom(16).hex()
    prints = {
        scan(here, "--out", out, BATTERY_FINGERPRINT_KEY=key).json["scans"][0]["findings"][0]["finding"][
            "fingerprint"
        ]
        for out in ("one", "two")
    }
    assert len(prints) == 1
    assert scan(here, BATTERY_FINGERPRINT_KEY="short").code == 2
