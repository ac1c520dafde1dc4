"""Defects of a project: what is wrong with a copy of the reference's own source, tests, rules or documents."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from battery.reference.defects.source_defects import SOURCE_DEFECT_NAMES, copy_source, plant

_UNTESTED = '''

def advice_{number}(price: int) -> str:
    """What to charge, in words that nobody has tried."""
    if price < {number}:
        return "raise it"
    if price > {number} * 2:
        return "lower it"
    total = price + {number}
    return f"keep it at {{total}}"
'''

# Stands in front of `project` in the bootstrap command, so that neither quickstart nor tests come by it.
START = "start.py"
_SECOND_TRY = """import os
import sys
from pathlib import Path

if not Path("data").exists():
    Path("data").mkdir()
    sys.exit("made the folder: start again")
os.execv(sys.executable, [sys.executable, "project", *sys.argv[1:]])
"""


class ProjectDefect(NamedTuple):
    """A name, what it does in one line, and how it is planted in a copy."""

    name: str
    title: str
    edit: Callable[[Path], None]


def _untested_package(project: Path) -> None:
    package = project / "advice"
    package.mkdir()
    text = "".join(_UNTESTED.format(number=number) for number in range(1, 81))
    (package / "__init__.py").write_text(f'"""Advice on prices."""\n{text}')


def _tests_removed(project: Path) -> None:
    for test in sorted((project / "tests").glob("test_*.py"))[::2]:
        test.unlink()


def _half_the_source_unseen(project: Path) -> None:
    settings = project / "project" / "measuring.toml"
    _replaced(
        settings,
        'omit = ["${MEASURED_ROOT}/tests/*"',
        'omit = ["${MEASURED_ROOT}/tests/*", "${MEASURED_ROOT}/*/*"',
    )


def _alert_that_never_fires(project: Path) -> None:
    _replaced(
        project / "alerts/service.yml",
        'breaker_state{state="closed"} == 0',
        'breaker_state{state="closed"} == 2',
    )


def _rule_that_does_not_parse(project: Path) -> None:
    _replaced(project / "alerts/service.yml", 'up{job="reference"} == 0', 'up{job="reference" == 0')


def _panel_of_a_stranger(project: Path) -> None:
    _replaced(project / "dashboards/service.json", "orders_placed_total", "orders_of_another_service_total")


def _start_that_crashes(project: Path) -> None:
    (project / START).write_text('raise RuntimeError("works on my machine")\n')


def _start_at_the_second_try(project: Path) -> None:
    (project / START).write_text(_SECOND_TRY)


def _start_that_is_never_ready(project: Path) -> None:
    (project / START).write_text("import time\n\ntime.sleep(3600)\n")


def _quickstart_that_does_not_run(project: Path) -> None:
    _replaced(project / "docs/quickstart.md", '"$PYTHON" project check', '"$PYTHON" project prepare')


def _runbook_missing(project: Path) -> None:
    (project / "docs/runbooks/dependency-down.md").unlink()


def _route_undescribed(project: Path) -> None:
    file = project / "docs/openapi.json"
    api = json.loads(file.read_text())
    api["paths"] = {path: told for path, told in api["paths"].items() if "orders" not in path}
    file.write_text(json.dumps(api))


def _dead_link(project: Path) -> None:
    with (project / "docs/operation.md").open("a") as opened:
        opened.write("\nSee also [scaling](scaling.md).\n")


PROJECT_DEFECTS = (
    ProjectDefect("untested_package", "a package of 640 lines that no test imports", _untested_package),
    ProjectDefect("tests_removed", "every second test file is gone", _tests_removed),
    ProjectDefect("source_unseen", "the coverage report leaves the packages out", _half_the_source_unseen),
    ProjectDefect("alert_never_fires", "an alert waits for what cannot be", _alert_that_never_fires),
    ProjectDefect("rule_unparsable", "a rule does not parse", _rule_that_does_not_parse),
    ProjectDefect(
        "dashboard_stranger", "a dashboard shows a metric that nobody exports", _panel_of_a_stranger
    ),
    ProjectDefect("start_crashes", "the bootstrap command ends with a traceback", _start_that_crashes),
    ProjectDefect(
        "start_second_try",
        "the first start in a fresh folder fails, the second works",
        _start_at_the_second_try,
    ),
    ProjectDefect(
        "start_never_ready", "the bootstrap command runs and is never ready", _start_that_is_never_ready
    ),
    ProjectDefect(
        "quickstart_broken",
        "the first command of the quickstart does not exist",
        _quickstart_that_does_not_run,
    ),
    ProjectDefect("runbook_missing", "the runbook that an alert names is gone", _runbook_missing),
    ProjectDefect("route_undescribed", "the API's description leaves out what is served", _route_undescribed),
    ProjectDefect("dead_link", "a document points to one that is not there", _dead_link),
)
PROJECT_DEFECT_NAMES = tuple(defect.name for defect in PROJECT_DEFECTS)


def project_with(folder: Path, name: str) -> Path:
    """A copy of the reference's project as `folder`, with the defect if it is one of a project or of the source."""
    if name in SOURCE_DEFECT_NAMES:
        plant(folder, name)
        return folder
    project = copy_source(folder)
    for defect in PROJECT_DEFECTS:
        if defect.name == name:
            defect.edit(project)
    return project


def _replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file} has changed: the defect can no longer be planted there"
    file.write_text(text.replace(old, new))
