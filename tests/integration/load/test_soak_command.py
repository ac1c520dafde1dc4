"""battery soak as a user runs it: minutes made short, a kill in its middle, a target that leaks."""

import itertools
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from battery.load.calibration import null_server
from battery.load.tally import Slice
from battery.reference.demo import ReferenceTarget
from battery.store import RunFolder
from tests.fakes.ended import all_end

COMMAND = [sys.executable, "-m", "battery", "soak"]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    with null_server() as url:
        (tmp_path / "battery.toml").write_text(
            f'[target]\nurl = "{url}"\n[[endpoint]]\nname = "home"\npath = "/"\n'
        )
        yield tmp_path


def soak(here: Path, *options: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [*COMMAND, *options, "--json"], cwd=here, capture_output=True, text=True, check=False, timeout=180
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def lines_of(err: str) -> list[str]:
    return [line for line in err.splitlines() if "profile[P4]: 0:00:" in line]


def steady(told: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in told["rows"] if row["counted"])


def facts(told: dict[str, Any]) -> dict[str, str]:
    return next(found for check, found in told["facts"].items() if "profile" in check)


def folder(here: Path) -> RunFolder:
    return RunFolder.open(here / "artifacts" / "latest")


def slices(run: RunFolder) -> list[Slice]:
    blob = next(blob for item in run.evidence() for blob in item.blobs if blob.name == "slices")
    return [msgspec.json.decode(line, type=Slice) for line in run.read_blob(blob.sha256).splitlines()]


def test_a_soak_tells_a_line_a_minute_and_leaves_no_working_files(here: Path) -> None:
    code, told, err = soak(here, "--for", "12 s", "--every", "2 s", "--rate", "100/s")
    assert 4 <= len(lines_of(err)) <= 6
    assert all(re.search(r"\d+\.\d/s, p50 \d", line) for line in lines_of(err))
    assert steady(told)["sent"] == 1200
    assert steady(told)["failed"] == 0
    assert {rule["verdict"]["rule"] for rule in told["rules"]} >= {"load.p4.errors", "load.p4.memory.growth"}
    assert code == told["exit"]
    assert not any((here / "artifacts" / "latest" / "work").iterdir())


def test_a_soak_whose_harness_is_killed_goes_on_and_the_gap_is_on_record(here: Path) -> None:
    options = ["--for", "12 s", "--every", "1 s", "--rate", "100/s"]
    with subprocess.Popen([*COMMAND, *options], cwd=here, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "profile[P4]: 0:00:05" in line:
                break
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert all_end(children, 10)
    work = next((here / "artifacts" / "latest" / "work").iterdir())
    kept = sum(leg["counted"] for leg in json.loads((work / "legs.json").read_bytes()))
    assert kept >= 3

    code, told, err = soak(here, "--resume", "artifacts/latest")
    assert code == told["exit"]
    assert f"goes on after {kept:.0f} s that are kept; nothing is known of " in err
    assert facts(told)["not watched"].startswith("nothing is known of ")
    assert "NOT WATCHED" in err
    proofs = {
        proof["name"]: proof
        for check, found in told["proofs"].items()
        if "profile" in check
        for proof in found
    }
    assert proofs["the ledger adds up"]["ok"]
    assert proofs["every worker finished"]["detail"] == "2 workers", "one of each sitting"
    # What the first sitting had counted at its last checkpoint, and the rest in the second.
    assert steady(told)["sent"] == pytest.approx(1200, abs=150)
    seconds = [item.second for item in slices(folder(here))]
    assert seconds == sorted(set(seconds)), "each second once, the gap between the sittings left open"
    assert max(later - now for now, later in itertools.pairwise(seconds)) >= 2


def test_an_interrupted_soak_says_how_to_go_on(here: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--for", "1 h", "--every", "1 s"], cwd=here, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "profile[P4]: 0:00:02" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted; go on with: battery soak --resume artifacts/" in rest


def test_a_leak_ends_a_soak_early_by_its_rule(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path / "data", defects=("leak",)) as target:
        (tmp_path / "battery.toml").write_text(
            f'[target]\nurl = "{target.url}"\n[[endpoint]]\nname = "status"\npath = "/api/health/status"\n'
            '[gates]\nlimit = { "G2:load.p4.memory.growth" = 10 }\n'
        )
        began = time.monotonic()
        code, told, err = soak(tmp_path, "--for", "4 min", "--every", "3 s", "--stop-early")
        took = time.monotonic() - began
    assert took < 120
    assert facts(told)["ended early"].startswith("load.p4.memory.growth is lost: grown by at least ")
    memory = next(rule for rule in told["rules"] if rule["verdict"]["rule"] == "load.p4.memory.growth")
    assert memory["verdict"]["value"] > 10
    assert "ENDED EARLY" in err
    held = all(proof["ok"] for found in told["proofs"].values() for proof in found)
    assert (code, told["status"]) == ((1, "fail") if held else (2, "undecided"))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--for", "soon"], "'soon' is not a duration"),
        (["--for", "0 s"], "0 s: expected more than 0"),
        (["--rate", "60"], "'60' is not a rate"),
        (["--resume", "artifacts/none"], "is no run folder"),
        (["--resume", "artifacts/none", "--for", "1 h"], "--for has no place beside --resume"),
        (["--every", "2 h"], "load.checkpoint"),
    ],
)
def test_bad_usage_is_one_line_and_exit_64(here: Path, options: list[str], problem: str) -> None:
    done = subprocess.run(
        [*COMMAND, *options], cwd=here, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 64
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
