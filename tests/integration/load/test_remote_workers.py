"""battery load --master and battery worker: two commands, one load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from battery.load.calibration import null_server
from battery.load.control.words import Clock, clock_of
from battery.load.fleet import free_port
from tests.integration.load.test_load_command import PROFILE

BATTERY = [sys.executable, "-m", "battery"]


def test_a_worker_joins_a_master_and_makes_its_load(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "quick.toml").write_text(PROFILE)
    master = f"127.0.0.1:{free_port('127.0.0.1')}"
    with null_server() as url:
        (tmp_path / "battery.toml").write_text(f'[profiles]\nfolder = "profiles"\n[target]\nurl = "{url}"\n')
        worker = subprocess.Popen(
            [*BATTERY, "worker", "--master", master, "--name", "far", "--wait", "60 s", "--once"],
            stderr=subprocess.PIPE,
            text=True,
        )
        with worker:
            options = ["-p", "Quick", "--intensity", "smoke", "--master", master, "--json"]
            done = subprocess.run(
                [*BATTERY, "load", *options],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0, said
    assert f"waits for a master at {master}" in said
    assert "1 of 1 workers joined" in done.stderr
    told = json.loads(done.stdout)
    steady = next(row for row in told["rows"] if row["counted"])
    assert steady["sent"] == pytest.approx(600, abs=100)
    facts = next(found for check, found in told["facts"].items() if "profile" in check)
    assert facts["remote clocks"].startswith("far ")
    assert "ms" in facts["remote clocks"]


def test_a_worker_without_a_master_gives_up_and_says_where_it_looked() -> None:
    master = f"127.0.0.1:{free_port('127.0.0.1')}"
    done = subprocess.run(
        [*BATTERY, "worker", "--master", master, "--wait", "3 s"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"no master answered at {master} in 3 s; is `battery load --master` running?" in done.stderr


@pytest.mark.parametrize("master", ["", ":5557", "host:port", "host:70000"])
def test_an_address_that_is_none_is_bad_usage(master: str) -> None:
    done = subprocess.run(
        [*BATTERY, "worker", "--master", master], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 64
    assert "expected HOST or HOST:PORT" in done.stderr


def test_a_clock_is_measured_from_both_ends() -> None:
    assert clock_of(asked=100.0, master=100.75, answered=101.0) == Clock(ahead=-0.25, unsure=0.5)
    assert clock_of(asked=200.0, master=100.0, answered=200.2).text == "100100.0 ms ahead (± 100.0 ms)"
