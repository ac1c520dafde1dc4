"""G1 through the whole command: a report that holds, one below the limit, one that is stale, and none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.fakes.commands import run
from tests.fakes.observed_target import shop

DOCUMENTS = Path(__file__).parents[2] / "assets" / "docs_tree"
CODE = "def sign(number):\n    if number < 0:\n        return -1\n    return 1\n"
THOROUGH = "from signs import sign\nassert sign(1) == 1\nassert sign(-1) == -1\n"
CARELESS = "from signs import sign\nassert sign(1) == 1\n"
BATTERY_TOML = """
[target]
url = "{url}"
live = "/health/live"
[source]
path = "source"
coverage = "coverage.json"
"""


class Judged(NamedTuple):
    """What became of G1, and what the command ended with."""

    code: int
    gate: str
    rules: dict[str, str]
    reasons: str
    summary: str


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A target that is alive; its coverage is what is judged."""
    with shop() as served:
        yield served.url


def covered_tree(here: Path, tests: str) -> Path:
    """A source tree whose tests were run under coverage.py, as a user would; its report."""
    # With documents, so that nothing else of it fails: the exit code is that of G1.
    source = shutil.copytree(DOCUMENTS, here / "source")
    (source / "signs.py").write_text(CODE)
    (source / "run.py").write_text(tests)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    for words in (
        ("run", "--rcfile=", "--branch", "run.py"),
        ("json", "--rcfile=", "-q", "-o", "coverage.json"),
    ):
        subprocess.run([sys.executable, "-m", "coverage", *words], cwd=source, env=environ, check=True)
    return source / "coverage.json"


def certified(here: Path, url: str) -> Judged:
    (here / "battery.toml").write_text(BATTERY_TOML.format(url=url))
    assert run("keygen", cwd=here).code == 0
    said = run("certify", "--only", "readiness", "--intensity", "smoke", "--json", cwd=here)
    [gate] = [gate for gate in said.json["gates"] if gate["gate"] == "G1"]
    rules: dict[str, Any] = {rule["rule"]: rule["status"] for rule in gate["rules"]}
    reasons = " ".join(str(rule["reason"]) for rule in gate["rules"])
    return Judged(
        said.code, gate["status"], rules, reasons, (here / "artifacts/latest/summary.md").read_text()
    )


def test_a_fresh_report_above_the_limits_passes(tmp_path: Path, url: str) -> None:
    covered_tree(tmp_path, THOROUGH)
    judged = certified(tmp_path, url)
    assert judged.gate == "pass", judged.reasons
    # One gate that passes is no certificate: the others were not asked.
    assert judged.code == 2


def test_coverage_below_the_limit_fails_and_names_both_numbers(tmp_path: Path, url: str) -> None:
    covered_tree(tmp_path, CARELESS)
    judged = certified(tmp_path, url)
    assert (judged.gate, judged.code) == ("fail", 1)
    assert judged.rules["coverage.branch"] == "fail"
    assert "50" in judged.reasons
    assert "75" in judged.reasons
    assert "coverage.branch" in judged.summary


def test_a_report_that_is_older_than_the_sources_decides_nothing(tmp_path: Path, url: str) -> None:
    report = covered_tree(tmp_path, THOROUGH)
    made = report.stat().st_mtime
    os.utime(tmp_path / "source" / "signs.py", (made + 60, made + 60))
    judged = certified(tmp_path, url)
    assert (judged.gate, judged.code) == ("undecided", 2)
    assert set(judged.rules.values()) == {"undecided"}
    assert "stale" in judged.reasons
    assert "signs.py" in judged.summary


def test_without_a_report_nothing_is_decided_and_the_way_to_one_is_told(tmp_path: Path, url: str) -> None:
    covered_tree(tmp_path, THOROUGH).unlink()
    judged = certified(tmp_path, url)
    assert (judged.gate, judged.code) == ("undecided", 2)
    assert "run the target's tests with coverage first" in judged.reasons
