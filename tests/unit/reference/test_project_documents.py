"""The reference project's documents, rules, dashboards and lock files, judged by the battery's own libraries."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from battery.readiness.docs.links import count_links, link_flaws
from battery.readiness.docs.presence import presence_flaws
from battery.readiness.docs.quickstart_blocks import shell_blocks
from battery.readiness.docs.readme import readme_flaws
from battery.readiness.docs.runbooks import AlertRunbook, runbook_flaws
from battery.readiness.docs.tree import DocumentTree
from battery.readiness.observability.dashboards.examination import dashboard_flaws
from battery.readiness.observability.dashboards.reading import read_dashboard
from battery.readiness.observability.rules.examination import rule_flaws
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile
from battery.readiness.observability.slo.objectives_toml import read_objectives
from battery.readiness.observability.slo.rule_groups import rules_yaml
from battery.reference.defects.source_defects import SOURCE as PROJECT
from battery.reference.project.requirements import FILES, pins_in

ROOT = Path(__file__).parents[3]
ALERTS = PROJECT / "alerts"


@pytest.fixture(scope="module")
def tree() -> DocumentTree:
    return DocumentTree(PROJECT)


@pytest.fixture(scope="module")
def rules() -> list[RuleFile]:
    return [read_rules((ALERTS / name).read_bytes(), name) for name in ("service.yml", "slo.yml")]


def test_readme_licence_and_changelog_tell_what_they_must(tree: DocumentTree) -> None:
    assert readme_flaws(tree) == ()
    assert presence_flaws(tree) == ()


def test_every_relative_link_leads_somewhere(tree: DocumentTree) -> None:
    assert link_flaws(tree, tree.documents()) == ()
    assert count_links(tree, tree.documents()) >= 40


def test_every_alert_has_a_runbook_and_every_runbook_an_alert(
    tree: DocumentTree, rules: list[RuleFile]
) -> None:
    urls = {alert.name: alert.annotations["runbook_url"] for file in rules for alert in file.alerts}
    named = [AlertRunbook(alert=name, url=url) for name, url in urls.items()]
    assert runbook_flaws(tree, named, "docs/runbooks") == ()
    books = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "docs" / "runbooks").iterdir()}
    assert books == set(urls.values())
    for name, url in urls.items():
        assert f"`{name}`" in (PROJECT / url).read_text(encoding="utf-8").split("## ", 1)[0], name


def test_the_rules_are_sound_and_there_are_enough_of_them(rules: list[RuleFile]) -> None:
    assert rule_flaws(rules) == ()
    service, slo = rules
    assert len(service.alerts) >= 6
    assert len(slo.alerts) == 8


def test_the_rules_of_the_objectives_are_those_that_the_command_writes() -> None:
    objectives = read_objectives(ALERTS / "objectives.toml").objective
    written = rules_yaml(objectives)
    assert (ALERTS / "slo.yml").read_text(encoding="utf-8") == written, "run battery slo, as the file says"


@pytest.mark.parametrize("name", ["service.json", "resources.json"])
def test_the_dashboards_are_sound(name: str) -> None:
    dashboard = read_dashboard((PROJECT / "dashboards" / name).read_bytes(), name)
    assert dashboard_flaws(dashboard) == ()
    assert sum(panel.draws for panel in dashboard.panels) >= 10


def test_no_block_of_the_quickstart_is_left_out(tree: DocumentTree) -> None:
    blocks = shell_blocks(tree.document("docs/quickstart.md"))
    assert len(blocks) == 5
    assert [block.skipped for block in blocks] == [""] * 5


def test_the_pins_are_those_of_the_lock_with_their_hashes() -> None:
    lock = _entries((ROOT / "requirements-dev.txt").read_text(encoding="utf-8"))
    for name in FILES:
        entries = _entries((PROJECT / name).read_text(encoding="utf-8"))
        assert {package: lock.get(package) for package in entries} == entries, f"renew {name} from the lock"


def test_everything_that_the_service_imports_is_pinned() -> None:
    pinned = {pin.name for pin in pins_in((PROJECT / "requirements.txt").read_text(encoding="utf-8"))}
    words = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
    own = [path for path in PROJECT.rglob("*.py") if "tests" not in path.relative_to(PROJECT).parts]
    used = {word for path in own for word in words.findall(path.read_text(encoding="utf-8"))}
    assert {"msgspec", "psutil", "starlette", "uvicorn", "h11"} <= used & pinned
    assert used - pinned - _standard() == {"battery"}


def test_the_image_and_the_workflow_use_what_is_there() -> None:
    image = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert "--require-hashes" in image
    assert re.search(r"^USER (?!root)", image, re.MULTILINE)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)
    assert "python project measure --least 90" in {step.get("run") for step in steps}
    assert workflow["permissions"] == {"contents": "read"}


def test_git_keeps_every_file_that_the_project_needs() -> None:
    names = [
        "README.md",
        ".github/workflows/ci.yml",
        ".dockerignore",
        "docs/openapi.json",
        "project/measuring.toml",
    ]
    names += [f"tests/{path.name}" for path in (PROJECT / "tests").glob("*.py")]
    asked = ["git", "check-ignore", *(str(PROJECT / name) for name in names)]
    ignored = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ignored.returncode, ignored.stdout) == (1, "")
    assert all((PROJECT / name).is_file() for name in names)


def test_the_settings_of_the_measurement_count_branches_and_leave_only_tests_out() -> None:
    settings = tomllib.loads((PROJECT / "project" / "measuring.toml").read_text(encoding="utf-8"))
    run = settings["tool"]["coverage"]["run"]
    assert (run["branch"], run["omit"]) == (True, ["${MEASURED_ROOT}/tests/*"])


def _entries(text: str) -> dict[str, str]:
    """Each pin with its marker and its hashes, by the name of its package."""
    blocks = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)
    return {block.partition("==")[0]: block.strip() for block in blocks if "==" in block}


def _standard() -> set[str]:
    return set(sys.stdlib_module_names)
