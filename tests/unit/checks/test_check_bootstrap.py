"""The bootstrap check: a tree that comes up, one that does not, one that hangs, and nothing left behind."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from battery.judging import judge
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.target import Bootstrap, Source
from battery.runner.collection import collect_checks
from tests.fakes.checks import PROFILES, Ran, run_own
from tests.fakes.naps import nap, napping
from tests.fakes.plans import NOW

SERVICE = Path(__file__).parents[1] / "readiness" / "bootstrap" / "service.py"
ID = "bootstrap.drill"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with a service in it."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "service.py").write_bytes(SERVICE.read_bytes())
    return tree


def check(tmp_path: Path, script: str, **given: Any) -> tuple[Evidence, Ran]:
    bootstrap = Bootstrap(**{"command": ("sh", "-c", script), "ready": "/ready", "limit": "2 min"} | given)
    definition = Definition(source=Source(path="tree"), bootstrap=bootstrap)
    ran = run_own(tmp_path, ID, definition=definition)
    return ran.evidence[ID], ran


def verdicts(ran: Ran) -> dict[str, str]:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return {rule.rule: rule.status for gate in judgement.gates if gate.gate == "G7" for rule in gate.rules}


def test_a_tree_that_comes_up_is_timed_cold_and_warm_on_a_port_of_its_own(tmp_path: Path, tree: Path) -> None:
    mark = nap()
    script = f"echo '==> serve'; exec {sys.executable} service.py $PORT {mark}"
    evidence, ran = check(tmp_path, script)
    assert evidence.status == "measured", evidence.reason
    told = {measure.name: measure for measure in evidence.measures}
    assert set(told) == {f"bootstrap.{name}" for name in ("cold", "warm", "failures", "memory", "disk")}
    assert (told["bootstrap.failures"].value, told["bootstrap.failures"].n) == (0, 2)
    assert "/ready answered" in told["bootstrap.cold"].note
    assert "serve" in evidence.facts["cold steps"]
    assert "==> serve" in ran.blob(ID, "bootstrap-cold.log")
    assert all(proof.ok for proof in evidence.proofs)
    assert verdicts(ran) == {"bootstrap.failures": "pass", "bootstrap.cold": "pass"}
    assert napping(mark) == []


def test_the_port_stands_in_the_command_and_the_url_where_they_name_it(tmp_path: Path, tree: Path) -> None:
    command = (sys.executable, "service.py", "{port}")
    evidence, _ = check(tmp_path, "", command=command, url="http://localhost:{port}/", warm=False)
    assert evidence.facts["bootstrap.cold"].startswith("ready after")
    assert [measure.n for measure in evidence.measures if measure.name == "bootstrap.failures"] == [1]


def test_a_ready_path_that_never_answers_is_a_failure_that_names_the_log(tmp_path: Path, tree: Path) -> None:
    long = nap()
    evidence, ran = check(tmp_path, f"echo no database here; sleep {long}", limit="3 s")
    assert evidence.status == "measured"
    [failures] = [each for each in evidence.measures if each.name == "bootstrap.failures"]
    assert failures.value == 1
    assert "is not ready (ConnectError); its last words: no database here" in failures.note
    [log] = [blob for blob in evidence.blobs if blob.name == "bootstrap-cold.log"]
    assert f"blobs/{log.sha256}" in failures.note
    told = evidence.facts["bootstrap.cold"]
    assert told.startswith("it did not come up: timeout after 3")
    assert f"blobs/{log.sha256}" in told
    assert "cold" not in evidence.facts
    assert verdicts(ran) == {"bootstrap.failures": "fail", "bootstrap.cold": "undecided"}
    assert napping(long) == []


def test_a_command_that_is_not_in_a_clean_checkout_is_a_failure(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "", command=("./come-up.sh",))
    assert "cannot be started in a clean checkout" in evidence.facts["bootstrap.cold"]
    assert verdicts(ran)["bootstrap.failures"] == "fail"


def test_a_command_that_works_only_once_fails_the_warm_attempt(tmp_path: Path, tree: Path) -> None:
    script = f"mkdir data || exit 3; exec {sys.executable} service.py $PORT"
    evidence, ran = check(tmp_path, script)
    [failures] = [each for each in evidence.measures if each.name == "bootstrap.failures"]
    assert (failures.value, failures.n) == (1, 2)
    assert failures.note.startswith("warm: the command ended with 3")
    assert verdicts(ran) == {"bootstrap.failures": "fail", "bootstrap.cold": "pass"}


def test_only_named_variables_reach_the_command(
    tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAMED", "yes")
    monkeypatch.setenv("UNNAMED", "yes")
    script = 'test "$NAMED" = yes && test -z "$UNNAMED"'
    evidence, _ = check(tmp_path, script, ready=None, environment=("NAMED",), warm=False)
    assert evidence.facts["bootstrap.cold"].startswith("done after"), evidence.facts


def test_without_a_command_or_a_tree_the_check_is_skipped(tmp_path: Path, tree: Path) -> None:
    ran = run_own(tmp_path, ID, definition=Definition(source=Source(path="tree")))
    assert "give [bootstrap] command" in ran.evidence[ID].reason
    assert set(verdicts(ran).values()) == {"undecided"}
    elsewhere = Definition(source=Source(path="nowhere"), bootstrap=Bootstrap(command=("true",)))
    ran = run_own(tmp_path / "other", ID, definition=elsewhere)
    assert ran.evidence[ID].status == "errored"
    assert "there is no such folder" in ran.evidence[ID].reason


def test_a_check_whose_own_time_is_over_leaves_nothing_running(tmp_path: Path, tree: Path) -> None:
    checks = tuple(
        msgspec.structs.replace(check, limit=1.0) for check in collect_checks([], PROFILES) if check.id == ID
    )
    aside, long = nap(), nap()
    bootstrap = Bootstrap(command=("sh", "-c", f"setsid sleep {aside} & sleep {long}"))
    definition = Definition(source=Source(path="tree"), bootstrap=bootstrap)
    ran = run_own(tmp_path, ID, definition=definition, checks=checks)
    assert ran.evidence[ID].status == "errored"
    assert "took longer than its limit" in ran.evidence[ID].reason
    assert napping(aside, long) == []
