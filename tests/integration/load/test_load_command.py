"""battery load as a user runs it: real processes, a server that answers at once, a profile of one's own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from battery.load.calibration import null_server

SHAPE = 'stages = [{ name = "steady", duration = "3 s", rate = "200/s" }]\n'
PROFILE = (
    'id = "Quick"\ntitle = "quick"\nwhy = "for tests"\nmodel = "open"\n'
    + "".join(f'[{intensity}]\nwarmup = "500 ms"\n{SHAPE}' for intensity in ("smoke", "standard", "full"))
)  # fmt: skip
JOURNEYS = """
from locust import FastHttpUser, task


class Shopper(FastHttpUser):
    @task
    def look(self):
        self.client.get("/shop", name="shop")
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "quick.toml").write_text(PROFILE)
    return tmp_path


def load(here: Path, definition: str) -> tuple[int, dict[str, Any], str]:
    """Run the profile; the exit code, the JSON on stdout, and what a person reads."""
    with null_server() as url:
        text = f'[profiles]\nfolder = "profiles"\n[target]\nurl = "{url}"\n{definition}'
        (here / "battery.toml").write_text(text)
        command = [sys.executable, "-m", "battery", "load", "-p", "Quick", "--intensity", "smoke", "--json"]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, json.loads(done.stdout), done.stderr


def rows(told: dict[str, Any]) -> set[tuple[str, str, bool]]:
    return {(row["stage"], row["endpoint"], row["counted"]) for row in told["rows"]}


def proofs_of(told: dict[str, Any], check: str) -> list[dict[str, Any]]:
    return [proof for name, proofs in told["proofs"].items() if check in name for proof in proofs]


def test_a_limit_that_holds_passes_and_the_table_tells_each_stage(here: Path) -> None:
    code, told, err = load(here, '[[endpoint]]\nname = "home"\npath = "/"\np99 = "5 s"\nerrors = 5\n')
    assert rows(told) == {("warm-up", "home", False), ("steady", "home", True)}
    steady = next(row for row in told["rows"] if row["counted"])
    assert steady["sent"] > 450
    assert steady["failed"] == 0
    assert {rule["verdict"]["rule"] for rule in told["rules"]} == {
        "load.quick.home.p99",
        "load.quick.home.errors",
    }
    assert "warm-up (not counted)" in err
    # A crowded machine may have made the generator late; that is undecided and says so, never a pass or a failure.
    held = all(proof["ok"] for proof in proofs_of(told, "load"))
    assert (code, told["status"]) == ((0, "pass") if held else (2, "undecided"))


def test_a_limit_that_nothing_can_hold_fails_by_name(here: Path) -> None:
    expectation = 'expect = { body_contains = "never there" }\nerrors = 1\n'
    code, told, err = load(here, f'[[endpoint]]\nname = "home"\npath = "/"\n{expectation}')
    steady = next(row for row in told["rows"] if row["counted"])
    assert steady["errors"] == {"expectation": steady["sent"]}
    held = all(proof["ok"] for proof in proofs_of(told, "load"))
    assert (code, told["status"]) == ((1, "fail") if held else (2, "undecided"))
    assert "G3:load.quick.home.errors" in err


def test_a_users_locustfile_makes_the_requests_under_the_same_ledger(here: Path) -> None:
    (here / "journeys.py").write_text(JOURNEYS)
    code, told, _ = load(here, '[load]\nlocustfile = "journeys.py"\n')
    assert ("steady", "GET shop", True) in rows(told)
    names = {proof["name"]: proof for proof in proofs_of(told, "profile")}
    assert names["the ledger adds up"]["ok"]
    # A crowded machine may bring a generator up late; that is said, and nothing else may be wrong.
    assert names["the locustfile ran without faults"]["detail"].partition(" (")[0] in (
        "no fault of its own",
        "not ready at the common start",
    )
    assert code == 2  # no rule judges this profile: undecided, not passed


def test_a_locustfile_that_is_not_there_is_a_definition_error(here: Path) -> None:
    (here / "battery.toml").write_text(
        '[target]\nurl = "http://127.0.0.1:1"\n[load]\nlocustfile = "gone.py"\n'
    )
    command = [sys.executable, "-m", "battery", "load"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 64
    assert "load.locustfile" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_locustfile_that_does_not_import_is_shown_with_its_traceback(here: Path) -> None:
    (here / "journeys.py").write_text("import locust\n\nprint(locust.nothing_of_the_kind)\n")
    (here / "battery.toml").write_text(
        '[target]\nurl = "http://127.0.0.1:1"\n[load]\nlocustfile = "journeys.py"\n'
    )
    command = [sys.executable, "-m", "battery", "load"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 64
    *trace, line = done.stderr.splitlines()
    assert "Traceback (most recent call last):" in trace
    assert any("journeys.py" in step and "line 3" in step for step in trace)
    assert line.startswith("battery load: battery.toml: load.locustfile: ")
    assert "has no attribute 'nothing_of_the_kind'" in line


def test_a_profile_ends_as_soon_as_its_rule_is_lost_with_a_whole_ledger(here: Path) -> None:
    long = PROFILE.replace("3 s", "60 s")
    (here / "profiles" / "quick.toml").write_text(long)
    with null_server() as url:
        (here / "battery.toml").write_text(
            f'[profiles]\nfolder = "profiles"\n[target]\nurl = "{url}"\n'
            '[[endpoint]]\nname = "home"\npath = "/"\nerrors = 1\nexpect = { status = [418] }\n'
        )
        options = ["-p", "Quick", "--intensity", "smoke", "--abort-on-fail", "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "battery", "load", *options],
            cwd=here,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    told = json.loads(done.stdout)
    facts = next(found for check, found in told["facts"].items() if "profile" in check)
    assert facts["ended early"].startswith("load.quick.home.errors is lost: ")
    proofs = {proof["name"]: proof for proof in proofs_of(told, "profile")}
    assert proofs["the ledger adds up"]["ok"]
    assert proofs["the planned rate was sent"]["ok"]
    steady = next(row for row in told["rows"] if row["counted"])
    assert steady["failed"] == steady["sent"] < 6000
    held = all(proof["ok"] for proof in proofs_of(told, "load"))
    assert done.returncode == (1 if held else 2)
