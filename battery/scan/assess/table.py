"""The table of an assessment, as Markdown: for the terminal and for docs/scan-rules.md."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from battery.scan.assess.assessment import Assessment, Row, Standing
from battery.statistics import Proportion

_STANDINGS: dict[Standing, str] = {"blocks": "blocks", "below floor": "not blocking", "informs": "informs"}
_HEAD = ("rule", "severity", "found", "false alarms", "precision", "recall", "standing")
_LONGEST = 150
_UNMEASURED = (
    "Nobody knows how often these are right. Those of severity critical or high block a release all the same:\n"
    "to pass over what is not known would be a green that can be false."
)


def rendered(assessment: Assessment) -> str:
    """The whole: what was measured and how, a row for each rule, what was missed and mistaken, what was not measured."""
    parts = [
        "# Scan rules: how often each is right",
        _about(assessment),
        _table(_HEAD, (_cells(row) for row in assessment.rows)),
    ]
    if any(row.missed or row.mistaken for row in assessment.rows):
        parts += ["## What was missed, and what was mistaken", "\n".join(_failures(assessment.rows))]
    if assessment.unassessed:
        cells = ((f"`{one.rule}`", one.severity, "not measured", one.reason) for one in assessment.unassessed)
        head = ("rule", "severity", "precision and recall", "why")
        parts += ["## Rules that are not measured", _UNMEASURED, _table(head, cells)]
    return "\n\n".join(parts) + "\n"


def write_table(assessment: Assessment, path: Path) -> None:
    """Write the table; the same assessment gives the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rendered(assessment), encoding="utf-8")


def header(assessment: Assessment) -> str:
    """What the numbers rest on: the seed and the sizes of the corpus."""
    return f"Seed {assessment.seed}; cases of each kind for a rule: {assessment.sizes}."


def _about(assessment: Assessment) -> str:
    return "\n".join(
        (
            f"Made by `battery scan --self-assess --write docs/scan-rules.md`. {header(assessment)}",
            f"{assessment.cases} judgements of the real scanners on generated cases, each made for one rule: with its defect, or with",
            "something that only looks like it. Precision is the share of alarms that are true, recall the share of defects that",
            "are found; in brackets their bounds, each of which holds with 95 % (Clopper and Pearson). A rule of severity critical",
            f"or high blocks a release only where its precision is above {assessment.floor:.0%} at the lower bound.",
            "The benign cases are near-misses on purpose: in ordinary code there are fewer, and alarms are right more often.",
        )
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"`{row.rule}`",
        row.severity,
        f"{row.found} of {row.positives}",
        f"{row.false_alarms} of {row.negatives}",
        _share(row.precision),
        _share(row.recall),
        _STANDINGS[row.standing],
    )


def _share(share: Proportion | None) -> str:
    return "never fired" if share is None else f"{share.value:.0%} ({share.lower:.0%}–{share.upper:.0%})"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _failures(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for verb, templates in (("missed", row.missed), ("mistaken", row.mistaken)):
            yield from (f"- `{row.rule}` {verb} {_code(template)}" for template in templates)


def _code(template: str) -> str:
    """A template on one line, as code: long enough to be recognised."""
    line = " ⏎ ".join(part.strip() for part in template.split("\n") if part.strip())
    short = line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
    return f"`` {short} ``"
