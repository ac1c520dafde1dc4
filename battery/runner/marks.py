"""Marks: what a check says about itself, read from its pytest item."""

import hashlib
from pathlib import Path

import pytest

from battery.errors import DefinitionError
from battery.model.plan import PlannedCheck
from battery.model.quantity import seconds

MARKS = (
    "gate(*ids): the gates that the check feeds",
    "measures(*names): the measures that the check promises to record",
    "instrument(name): load, chaos, security or readiness; a user's own checks belong to the gate's",
    "profile(id): the load profile that the check runs",
    "limit(duration): the longest that the check may take, 60 s when it does not say",
    "order(place): first or last in the run",
)
DEFAULT_LIMIT = 60.0
OWN_CHECKS = Path(__file__).resolve().parent.parent / "checks"


def check_id(item: pytest.Function) -> str:
    """`coverage.tests` for check_tests in check_coverage.py; parameters follow in brackets."""
    return f"{item.path.stem.removeprefix('check_')}.{item.name.removeprefix('check_')}"


def planned_check(item: pytest.Function) -> PlannedCheck:
    """The plan's line for a collected item.

    Raises: DefinitionError when a mark makes no sense.
    """
    own = OWN_CHECKS in item.path.parents
    return PlannedCheck(
        id=check_id(item),
        title=_title(item),
        gates=_words(item, "gate"),
        measures=_words(item, "measures"),
        instrument=_word(item, "instrument") or "user",
        origin="battery" if own else "user",
        sha256=hashlib.sha256(item.path.read_bytes()).hexdigest(),
        limit=_limit(item),
        profile=_word(item, "profile"),
    )


def place(item: pytest.Function) -> int:
    """Where in the run: before, among or after the others."""
    return {"first": -1, "last": 1}.get(_word(item, "order"), 0)


def _title(item: pytest.Function) -> str:
    text = (item.function.__doc__ or "").strip().splitlines()
    return text[0].rstrip(".") if text else check_id(item).replace("_", " ")


def _words(item: pytest.Function, mark: str) -> tuple[str, ...]:
    found = [str(word) for found in item.iter_markers(mark) for word in found.args]
    return tuple(dict.fromkeys(found))


def _word(item: pytest.Function, mark: str) -> str:
    words = _words(item, mark)
    return words[0] if words else ""


def _limit(item: pytest.Function) -> float:
    text = _word(item, "limit")
    if not text:
        return DEFAULT_LIMIT
    try:
        return seconds(text)
    except ValueError as error:
        raise DefinitionError(str(item.path), str(error), key=f"{item.name}: pytest.mark.limit") from error
