"""The tracing check on a shop that writes the trace down, and on one that drops it."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.observability import Observability, Tracing
from battery.model.target import Target
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, run_g6, verdicts
from tests.fakes.observed_target import shop

CHECK, RULE = "tracing.propagation", "observability.tracing.defects"


def look(tmp_path: Path, *lies: str, header: str = "traceparent", logged: bool = True) -> Ran:
    log = tmp_path / "shop.log"
    log.write_text("")
    with shop(*lies, log=log) as served:
        observability = Observability(logs=("shop.log",) if logged else (), tracing=Tracing(header=header))
        target = Target(url=served.url, live="/health/live", ready="/health/status")
        return run_g6(tmp_path, Definition(target=target, observability=observability), CHECK)


def test_a_trace_that_comes_back_in_the_log_is_carried_on(tmp_path: Path) -> None:
    ran = look(tmp_path)
    assert errors(ran, CHECK) == []
    assert ran.evidence[CHECK].facts["the trace came back in"] == "1 log lines"
    assert [proof.ok for proof in ran.evidence[CHECK].proofs] == [True]
    assert verdicts(ran)[RULE].status == "pass"


@pytest.mark.parametrize("logged", [True, False])
def test_another_header_holds_the_bare_id(tmp_path: Path, logged: bool) -> None:
    ran = look(tmp_path, header="X-Request-Id", logged=logged)
    assert "header x-request-id" in ran.evidence[CHECK].facts["the trace came back in"]
    assert verdicts(ran)[RULE].status == "pass"


def test_a_trace_that_is_dropped_is_a_defect(tmp_path: Path) -> None:
    ran = look(tmp_path, "traceless")
    assert "comes back neither in a header nor in the log" in errors(ran, CHECK)[0]
    assert verdicts(ran)[RULE].status == "fail"


def test_without_a_log_a_trace_that_no_header_holds_is_undecided(tmp_path: Path) -> None:
    ran = look(tmp_path, logged=False)
    assert "stands in no header of the answer, and there is no log" in ran.evidence[CHECK].reason
    assert verdicts(ran)[RULE].status == "undecided"
