"""The matrix as a document: each defect, the gate that it turned, and how often it went as expected."""

from collections.abc import Sequence
from typing import NamedTuple

from battery.reference.defects.catalogue import CATALOGUE
from battery.reference.defects.source_defects import SOURCE_DEFECTS
from tests.defects.gates import gates_of
from tests.defects.planted import Planted
from tests.defects.project import PROJECT_DEFECTS

_HEAD = """\
# What is planted, and which gate sees it

From runs of `nox -s defects` (`-- --write docs/defects.md` writes the table) on the reference target; some rows were repeated, and
`pool_leak` needs a PostgreSQL (`-- --database-url`). Each defect is planted alone;
it must turn its own gate and no other of those that the command judges; only a token in the log rightly turns two. `certify` is
`battery certify --only security,readiness`, which judges G1, G5, G6, G7 and G8; `soak` judges G2 and G3, `chaos` G4.
A soak of forty seconds may leave a growth undecided, and a defect what cannot be measured beside it; neither is a pass.

{summary}

| gate | defect | what it does | command | rules that failed | undecided beside them | as expected |
|---|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """A planted defect, every rule that failed or was undecided in any of its runs, and in how many it went as expected."""

    planted: Planted
    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    right: int
    times: int


def rendered(rows: Sequence[Row]) -> str:
    """The whole document."""
    ordered = sorted(rows, key=lambda row: (gates_of(row.planted.rules), row.planted.defect))
    return _HEAD.format(summary=_summary(rows)) + "".join(_line(row) for row in ordered)


def _summary(rows: Sequence[Row]) -> str:
    planted = [row for row in rows if row.planted.defect]
    healthy = [row for row in rows if not row.planted.defect]
    seen, runs = sum(row.right for row in planted), sum(row.times for row in planted)
    quiet, calm = sum(row.right for row in healthy), sum(row.times for row in healthy)
    return (
        f"Sensitivity: {seen} of {runs} runs with one of {len(planted)} defects failed by the gate that is meant for it and by no other. "
        f"Specificity: {quiet} of {calm} runs of the healthy target failed nothing."
    )


def _line(row: Row) -> str:
    gates = ", ".join(gates_of(row.planted.rules)) or "none"
    rules, others = (
        ", ".join(f"`{rule}`" for rule in rules) or "none" for rules in (row.failed, row.undecided)
    )
    name = f"`{row.planted.defect}`" if row.planted.defect else "healthy"
    cells = (
        gates,
        name,
        _title(row.planted.defect),
        row.planted.command[0],
        rules,
        others,
        f"{row.right} of {row.times}",
    )
    return "| " + " | ".join(cells) + " |\n"


def _title(defect: str) -> str:
    known = {each.name: each.title for each in CATALOGUE}
    known |= {each.name: each.title for each in SOURCE_DEFECTS}
    known |= {each.name: each.title for each in PROJECT_DEFECTS}
    return known.get(defect, "nothing is planted")
