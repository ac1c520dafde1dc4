"""G1, G7 and G8 on the reference target's own project: what it promises to newcomers holds in a clean copy."""

import sys
from pathlib import Path

import pytest

import battery.reference
from battery.judging import judge
from battery.model.definition import Definition
from battery.model.observability import Observability
from battery.model.target import Bootstrap, Docs, Endpoint, Source, Target
from tests.fakes.checks import Ran, run_own
from tests.fakes.plans import NOW

PROJECT = Path(battery.reference.__file__).parent
DEFINITION = Definition(
    target=Target(live="/api/health/live", ready="/api/health/ready", status="/api/health/status"),
    endpoint=(
        Endpoint(name="orders", path="/api/orders?limit=20"),
        Endpoint(name="quote", path="/api/quote?item=tea"),
        Endpoint(name="report", path="/api/report"),
    ),
    source=Source(path=str(PROJECT)),
    bootstrap=Bootstrap(
        command=(sys.executable, "project", "serve", "--port", "{port}", "--data", "data"),
        ready="/api/health/ready",
        limit="5 min",
    ),
    docs=Docs(
        quickstart="docs/quickstart.md",
        runbooks="docs/runbooks",
        openapi="docs/openapi.json",
        env={"PYTHON": sys.executable},
        quickstart_limit="5 min",
    ),
    observability=Observability(rules=("alerts/*.yml",)),
)


def statuses(ran: Ran, gate: str) -> dict[str, str]:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return {rule.rule: rule.status for found in judgement.gates if found.gate == gate for rule in found.rules}


def test_a_clean_copy_comes_up_by_one_command(tmp_path: Path) -> None:
    ran = run_own(tmp_path, "bootstrap.drill", definition=DEFINITION)
    assert statuses(ran, "G7") == {"bootstrap.cold": "pass", "bootstrap.failures": "pass"}, ran.evidence


@pytest.mark.parametrize("name", ["readme", "links", "runbooks", "api", "quickstart"])
def test_its_documents_hold_what_they_promise(tmp_path: Path, name: str) -> None:
    ran = run_own(tmp_path, f"docs.{name}", definition=DEFINITION)
    item = ran.evidence[f"docs.{name}"]
    [measure] = item.measures
    assert measure.value == 0, item.facts
    assert measure.n
