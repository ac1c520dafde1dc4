"""The checks of the documents: a careful tree, and one defect after the other planted in it."""

import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from battery.judging import judge
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.target import Docs, Endpoint, Source, Target
from battery.runner.collection import collect_checks
from tests.fakes.checks import PROFILES, Ran, run_own
from tests.fakes.naps import nap, napping
from tests.fakes.plans import NOW
from tests.fakes.targets import Answer, scripted_target, unused_url

NOWHERE = Target()
ASSET = Path(__file__).parents[2] / "assets" / "docs_tree"
SERVICE = Path(__file__).parents[1] / "readiness" / "bootstrap" / "service.py"
RULES = """
groups:
- name: shop
  rules:
  - alert: OrdersFail
    expr: rate(errors_total[5m]) > 1
    annotations: {{runbook_url: "{url}"}}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A careful tree with alert rules."""
    tree = shutil.copytree(ASSET, tmp_path / "tree")
    (tree / "alerts").mkdir()
    (tree / "alerts" / "shop.yml").write_text(RULES.format(url="docs/runbooks/orders-errors.md"))
    return tree


def check(tmp_path: Path, name: str, target: Target = NOWHERE, **docs: Any) -> tuple[Evidence, Ran]:
    endpoints = docs.pop("endpoint", ())
    definition = Definition(target=target, source=Source(path="tree"), docs=Docs(**docs), endpoint=endpoints)
    ran = run_own(tmp_path, f"docs.{name}", definition=definition, run=f"run-{secrets.token_hex(4)}")
    return ran.evidence[f"docs.{name}"], ran


def verdict(ran: Ran, rule: str) -> str:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return next(each.status for gate in judgement.gates for each in gate.rules if each.rule == rule)


def value(evidence: Evidence) -> float:
    [measure] = evidence.measures
    return measure.value


def test_what_a_check_file_imports_is_no_check() -> None:
    names = {check.id for check in collect_checks([], PROFILES) if check.id.startswith("docs.")}
    assert names == {f"docs.{name}" for name in ("readme", "links", "runbooks", "api", "quickstart")}


def test_a_careful_tree_lacks_nothing(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "readme")
    assert (value(evidence), evidence.measures[0].n) == (0, 6)
    assert verdict(ran, "docs.presence.missing") == "pass"


@pytest.mark.parametrize(("gone", "missing"), [("LICENSE", 1), ("CHANGELOG.md", 1), ("README.md", 1)])
def test_what_is_not_there_is_counted(tmp_path: Path, tree: Path, gone: str, missing: int) -> None:
    (tree / gone).unlink()
    evidence, ran = check(tmp_path, "readme")
    assert value(evidence) == missing, evidence.facts
    assert verdict(ran, "docs.presence.missing") == "fail"


def test_a_readme_without_sections_is_told_section_by_section(tmp_path: Path, tree: Path) -> None:
    (tree / "README.md").write_text("# Shop\n")
    evidence, _ = check(tmp_path, "readme")
    assert value(evidence) == 4
    assert "no section tells how to install it" in evidence.facts["error 2"]


def test_a_dead_link_fails_and_is_named(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "links")
    assert verdict(ran, "docs.links.dead") == "pass"
    assert evidence.measures[0].note == "8 relative links in 5 documents"
    (tree / "README.md").write_text("# Shop\n\n[gone](gone.md)\n")
    evidence, ran = check(tmp_path, "links")
    assert verdict(ran, "docs.links.dead") == "fail"
    assert "README.md:3: gone.md: there is no such file" in evidence.measures[0].note


def test_a_tree_without_documents_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    _, ran = check(tmp_path, "links")
    assert verdict(ran, "docs.links.dead") == "undecided"


def test_each_alert_needs_a_runbook(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "runbooks", rules=("alerts/*.yml",))
    assert (value(evidence), evidence.measures[0].n) == (0, 1)
    assert verdict(ran, "docs.runbooks.missing") == "pass"


@pytest.mark.parametrize("url", ["docs/runbooks/gone.md", ""])
def test_an_alert_without_a_runbook_fails(tmp_path: Path, tree: Path, url: str) -> None:
    (tree / "alerts" / "shop.yml").write_text(RULES.format(url=url))
    evidence, ran = check(tmp_path, "runbooks", rules=("alerts/*.yml",))
    assert verdict(ran, "docs.runbooks.missing") == "fail"
    assert "OrdersFail" in evidence.measures[0].note


def test_a_folder_of_documents_that_is_not_there_passes_nothing(tmp_path: Path, tree: Path) -> None:
    shutil.rmtree(tree / "docs")
    evidence, ran = check(tmp_path, "runbooks", rules=("alerts/*.yml",), runbooks="docs/runbooks")
    assert verdict(ran, "docs.runbooks.missing") == "fail", evidence
    _, ran = check(tmp_path, "links")
    assert verdict(ran, "docs.links.dead") == "fail"
    evidence, ran = check(tmp_path, "quickstart", quickstart="docs/quickstart.md")
    assert verdict(ran, "docs.quickstart.failures") != "pass"
    assert "docs/quickstart.md" in evidence.reason + str(evidence.facts)
    evidence, ran = check(tmp_path, "api", openapi="docs/openapi.yaml")
    assert verdict(ran, "docs.api.undescribed") != "pass"
    assert "docs/openapi.yaml" in evidence.reason + str(evidence.facts)


def test_a_runbook_without_a_rollback_fails(tmp_path: Path, tree: Path) -> None:
    runbook = tree / "docs" / "runbooks" / "orders-errors.md"
    runbook.write_text(runbook.read_text().partition("## Rollback")[0])
    evidence, _ = check(tmp_path, "runbooks", rules=("alerts/*.yml",))
    assert "no section on rollback" in evidence.measures[0].note


def test_without_rules_or_with_files_that_are_not_there_nothing_is_proven(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "runbooks")
    assert "name their files as [observability] rules" in evidence.reason
    assert verdict(ran, "docs.runbooks.missing") == "undecided"
    evidence, _ = check(tmp_path, "runbooks", rules=("nowhere/*.yml",))
    assert (evidence.status, "fits no file" in evidence.reason) == ("errored", True)


CALLS = (
    Endpoint(name="orders", path="/api/orders?limit=3"),
    Endpoint(name="new", path="/orders", method="POST"),
)


def test_an_api_description_of_the_tree_knows_every_call(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "api", openapi="docs/openapi.yaml", endpoint=CALLS)
    assert (value(evidence), evidence.measures[0].n) == (0, 2), evidence.facts
    assert verdict(ran, "docs.api.undescribed") == "pass"
    assert "neither a summary" in evidence.facts["warning 1"]


def test_an_endpoint_that_is_not_described_fails(tmp_path: Path, tree: Path) -> None:
    secret = Endpoint(name="secret", path="/secret")
    evidence, ran = check(tmp_path, "api", openapi="docs/openapi.yaml", endpoint=(*CALLS, secret))
    assert verdict(ran, "docs.api.undescribed") == "fail"
    assert "GET /secret" in evidence.measures[0].note


def test_a_description_that_the_target_serves_is_read_there(tmp_path: Path, tree: Path) -> None:
    served = (tree / "docs" / "openapi.yaml").read_bytes()
    with scripted_target({"/openapi.json": [Answer(200, served)]}) as target:
        where = Target(url=target.url)
        evidence, _ = check(tmp_path, "api", where, openapi="/openapi.json", endpoint=CALLS)
        assert value(evidence) == 0
        evidence, _ = check(tmp_path, "api", where, openapi="/gone.json", endpoint=CALLS)
        assert (evidence.status, "HTTP 404" in evidence.reason) == ("errored", True)


@pytest.mark.parametrize(
    ("openapi", "status", "said"),
    [
        ("", "skipped", "name it as [docs] openapi"),
        ("gone.yaml", "errored", "there is no such file"),
        ("README.md", "errored", "README.md"),
        ("/openapi.json", "skipped", "no target"),
    ],
)
def test_without_a_description_nothing_is_proven(
    tmp_path: Path, tree: Path, openapi: str, status: str, said: str
) -> None:
    evidence, ran = check(tmp_path, "api", openapi=openapi, endpoint=CALLS)
    assert evidence.status == status
    assert said in evidence.reason
    assert verdict(ran, "docs.api.undescribed") == "undecided"


def test_no_call_at_all_describes_nothing(tmp_path: Path, tree: Path) -> None:
    _, ran = check(tmp_path, "api", openapi="docs/openapi.yaml")
    assert verdict(ran, "docs.api.undescribed") == "undecided"


def quickstart(tmp_path: Path, tree: Path, text: str, **docs: Any) -> tuple[Evidence, Ran]:
    (tree / "docs" / "quickstart.md").write_text(text)
    return check(tmp_path, "quickstart", quickstart="docs/quickstart.md", **docs)


def test_the_blocks_run_as_written_in_a_clean_checkout(tmp_path: Path, tree: Path) -> None:
    evidence, ran = check(tmp_path, "quickstart", quickstart="docs/quickstart.md")
    assert (value(evidence), evidence.measures[0].n) == (0, 2), evidence.facts
    assert verdict(ran, "docs.quickstart.failures") == "pass"
    assert 'says "battery: skip"' in evidence.facts["block 3 at line 24 was not run"]
    assert "hello" in ran.blob("docs.quickstart", "quickstart.log")
    assert not (tree / "shop").exists()


def test_a_block_that_fails_fails_and_names_its_line_and_log(tmp_path: Path, tree: Path) -> None:
    evidence, ran = quickstart(tmp_path, tree, "# Start\n```sh\nmake it\n```\n")
    assert verdict(ran, "docs.quickstart.failures") == "fail"
    assert "block 1 at line 2 ended with" in evidence.measures[0].note
    assert f"blobs/{evidence.blobs[0].sha256}" in evidence.measures[0].note


def test_a_quickstart_without_a_block_is_none(tmp_path: Path, tree: Path) -> None:
    evidence, ran = quickstart(tmp_path, tree, "# Start\nJust run it.\n")
    assert verdict(ran, "docs.quickstart.failures") == "fail"
    assert "no shell block to run" in evidence.facts["quickstart"]


def test_one_that_hangs_is_killed_with_its_children(tmp_path: Path, tree: Path) -> None:
    aside, long = nap(), nap()
    text = f"```sh\nsetsid sleep {aside} &\nsleep {long}\n```\n"
    evidence, ran = quickstart(tmp_path, tree, text, quickstart_limit="1 s")
    assert verdict(ran, "docs.quickstart.failures") == "fail"
    assert "did not end within 1 s" in evidence.measures[0].note
    assert napping(aside, long) == []


def test_a_server_in_the_last_block_is_good_once_it_is_ready(tmp_path: Path, tree: Path) -> None:
    shutil.copy(SERVICE, tree / "service.py")
    url = unused_url()
    text = f"```sh\n{sys.executable} service.py {url.rpartition(':')[2]}\n```\n"
    evidence, _ = quickstart(tmp_path, tree, text, quickstart_ready=f"{url}/ready")
    assert value(evidence) == 0, evidence.facts
    assert "the target is ready" in evidence.facts["quickstart"]


def test_a_service_that_runs_already_would_prove_nothing(tmp_path: Path, tree: Path) -> None:
    with scripted_target({"/ready": [Answer()]}) as target:
        url = f"{target.url}/ready"
        evidence, ran = quickstart(tmp_path, tree, "```sh\ntrue\n```\n", quickstart_ready=url)
    assert "answers before the quickstart began" in evidence.reason
    assert verdict(ran, "docs.quickstart.failures") == "undecided"


def test_without_a_quickstart_the_check_is_skipped(tmp_path: Path, tree: Path) -> None:
    evidence, _ = check(tmp_path, "quickstart")
    assert "name it as [docs] quickstart" in evidence.reason
    evidence, _ = check(tmp_path, "quickstart", quickstart="docs/gone.md")
    assert (evidence.status, "no such document" in evidence.reason) == ("errored", True)


def test_in_a_repository_only_what_is_committed_is_there(tmp_path: Path, tree: Path) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@y", "-C", str(tree)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], check=True, stdout=subprocess.DEVNULL)
    (tree / "forgotten.sh").write_text("exit 0\n")
    text = "```sh\nsh forgotten.sh\n```\n"
    (tree / "docs" / "quickstart.md").write_text(text)
    subprocess.run([*git, "commit", "-q", "-am", "uses it"], check=True, stdout=subprocess.DEVNULL)
    evidence, ran = check(tmp_path, "quickstart", quickstart="docs/quickstart.md")
    assert verdict(ran, "docs.quickstart.failures") == "fail"
    assert "1 changes are not committed" in evidence.facts["checkout"]
