"""Marks: what a check says about itself, read from its pytest item."""

import difflib
import hashlib
from pathlib import Path

import pytest

from battery.errors import DefinitionError
from battery.model.plan import INSTRUMENTS, PlannedCheck
from battery.model.quantity import seconds

MARKS = (
    "gate(*ids): the gates that the check feeds",
    "measures(*names): the measures that the check promises to record",
    "instrument(name): load, chaos, security or readiness, by which --only selects; without it a check runs without --only",
    "each_profile: one item for each profile of the run, which the check takes as `profile`",
    "profile(id): the load profile that the check runs",
    "limit(duration): the longest that the check may take, 60 s when it does not say",
    "order(place): first, late (after what measures the target in peace) or last in the run",
)
DEFAULT_LIMIT = 60.0
OWN_CHECKS = Path(__file__).resolve().parent.parent / "checks"
_PLACES = {"first": -1, "": 0, "late": 1, "last": 2}
_WITHOUT_INSTRUMENT = "user"
_KNOWN_INSTRUMENTS = (*INSTRUMENTS, "target", _WITHOUT_INSTRUMENT)


def check_id(item: pytest.Function) -> str:
    """`coverage.tests` for check_tests in check_coverage.py; parameters follow in brackets."""
    return f"{item.path.stem.removeprefix('check_')}.{item.name.removeprefix('check_')}"


def digest_of(item: pytest.Function) -> str:
    """The sha256 of the file that the check stands in.

    Raises: DefinitionError when it cannot be read.
    """
    try:
        return hashlib.sha256(item.path.read_bytes()).hexdigest()
    except OSError as error:
        raise DefinitionError(str(item.path), f"cannot be read: {error.strerror}") from error


def planned_check(item: pytest.Function) -> PlannedCheck:
    """The plan's line for a collected item.

    Raises: DefinitionError when a mark makes no sense.
    """
    return PlannedCheck(
        id=check_id(item),
        title=_title(item),
        gates=_words(item, "gate"),
        measures=_words(item, "measures"),
        instrument=_instrument(item),
        origin="battery" if OWN_CHECKS in item.path.parents else "user",
        sha256=digest_of(item),
        limit=_limit(item),
        profile=_word(item, "profile"),
    )


def place(item: pytest.Function) -> int:
    """Where in the run: before, among or after the others.

    Raises: DefinitionError for any other word than first and last.
    """
    word = _word(item, "order")
    if word not in _PLACES:
        raise _senseless(item, "order", f'"{word}" is no place; expected "first", "late" or "last"')
    return _PLACES[word]


def _title(item: pytest.Function) -> str:
    text = (item.function.__doc__ or "").strip().splitlines()
    return text[0].rstrip(".") if text else check_id(item).replace("_", " ")


def _instrument(item: pytest.Function) -> str:
    word = _word(item, "instrument") or _WITHOUT_INSTRUMENT
    if word not in _KNOWN_INSTRUMENTS:
        close = difflib.get_close_matches(word, _KNOWN_INSTRUMENTS, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        raise _senseless(item, "instrument", f'"{word}" is none of {", ".join(INSTRUMENTS)}{hint}')
    return word


def _limit(item: pytest.Function) -> float:
    text = _word(item, "limit")
    if not text:
        return DEFAULT_LIMIT
    try:
        limit = seconds(text)
    except ValueError as error:
        raise _senseless(item, "limit", str(error)) from error
    if limit <= 0:
        raise _senseless(item, "limit", f'"{text}" is no time; expected more than 0 s')
    return limit


def _words(item: pytest.Function, mark: str) -> tuple[str, ...]:
    found = [str(word) for found in item.iter_markers(mark) for word in found.args]
    return tuple(dict.fromkeys(found))


def _word(item: pytest.Function, mark: str) -> str:
    """The mark closest to the function decides."""
    words = _words(item, mark)
    return words[0] if words else ""


def _senseless(item: pytest.Function, mark: str, problem: str) -> DefinitionError:
    return DefinitionError(str(item.path), problem, key=f"{item.name}: pytest.mark.{mark}")
