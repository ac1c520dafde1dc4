"""A file of objectives is refused with the key that is wrong."""

from pathlib import Path

import pytest

from battery.errors import DefinitionError
from battery.readiness.observability.slo.objectives_toml import read_objectives

GOOD = """[[objective]]
name = "shop"
kind = "availability"
target = 99.9
total = "requests_total"
errors = "requests_total{code='500'}"
runbook_url = "docs/runbooks/shop.md"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "objectives.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (objective,) = read_objectives(written(tmp_path, GOOD)).objective
    assert (objective.name, objective.budget, objective.window) == ("shop", 0.001, "30d")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "availability"', 'kind = "speed"', "objective[0].kind"),
        ("target = 99.9", "target = 100", "objective[0].target"),
        ("target = 99.9", "target = 90", "could never fire; expected more than 93.06"),
        ('total = "requests_total"\n', "", "objective[0].total: is required for availability"),
        ('total = "requests_total"', 'total = "sum("', "objective[0].total: is no series"),
        ('total = "requests_total"', 'total = "a + b"', "objective[0].total"),
        ('total = "requests_total"', "total = \"{job='x'}\"", "expected the name of one series"),
        ("target =", "seconds = 1\ntarget =", "objective[0].seconds: means nothing for availability"),
        ('runbook_url = "docs/runbooks/shop.md"', "", "runbook_url: is required"),
        ('name = "shop"', 'name = "My Shop"', "objective[0].name"),
        ("target =", 'window = "7d"\ntarget =', "objective[0].window"),
        (GOOD, GOOD + GOOD, 'objective[1].name: "shop" stands twice'),
        (GOOD, "", "objective: is required"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_objectives(written(tmp_path, GOOD.replace(old, new)))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_latency_objective_needs_its_histogram_and_its_limit(tmp_path: Path) -> None:
    text = GOOD.replace("availability", "latency").replace("total =", "histogram =").split("errors")[0]
    text += 'runbook_url = "x"\n'
    with pytest.raises(DefinitionError, match="seconds: is required for latency"):
        read_objectives(written(tmp_path, text))
    assert read_objectives(written(tmp_path, text + "seconds = 0.5\n")).objective[0].seconds == 0.5
