"""The score of CVSS 4.0, by section 8 of the specification (https://www.first.org/cvss/v4-0/): a vector falls into
a macro vector, whose score is in a table, and is moved towards the next lower ones by its distance from the top."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files

import msgspec

# Each metric's values, the gravest first; the place in the text is the level that distances count.
_BASE = {
    "AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA",
    "VC": "HLN", "VI": "HLN", "VA": "HLN", "SC": "HLN", "SI": "HLN", "SA": "HLN",
}  # fmt: skip
_LEVELS = _BASE | {
    "SC": "SHLN",
    "SI": "SHLN",
    "SA": "SHLN",
    "CR": "HML",
    "IR": "HML",
    "AR": "HML",
    "E": "APU",
}
_MODIFIED = {f"M{name}": values for name, values in _BASE.items()} | {"MSI": "SHLN", "MSA": "SHLN"}
_SUPPLEMENTAL = {
    "S": ("N", "P"), "AU": ("N", "Y"), "R": ("A", "U", "I"), "V": ("D", "C"), "RE": ("L", "M", "H"),
    "U": ("Clear", "Green", "Amber", "Red"),
}  # fmt: skip
_ASSUMED = {"CR": "H", "IR": "H", "AR": "H", "E": "A"}
_IMPACTS = ("VC", "VI", "VA", "SC", "SI", "SA")
_GROUPS = ((0,), (1,), (2, 5), (3,), (4,))
"""The equivalence sets that move together: the third and the sixth depend on each other."""


class _Tables(msgspec.Struct, frozen=True):
    scores: dict[str, float]
    tops: dict[str, dict[str, list[str]]]
    depths: dict[str, dict[str, int]]


def score(vector: str) -> float:
    """The score of a vector with all the metrics that it sets. Raises: ValueError for one that is not a CVSS 4 vector."""
    metrics = _metrics(vector)
    if all(metrics[name] == "N" for name in _IMPACTS):
        return 0.0
    macro = _macro(metrics)
    value = Decimal(str(_tables().scores["".join(map(str, macro))]))
    steps = [step for step in (_step(metrics, macro, group, value) for group in _GROUPS) if step is not None]
    moved = value - (sum(steps, Decimal(0)) / len(steps) if steps else Decimal(0))
    return float(min(max(moved, Decimal(0)), Decimal(10)).quantize(Decimal("0.1"), ROUND_HALF_UP))


@cache
def _tables() -> _Tables:
    return msgspec.toml.decode((files(__package__) / "cvss4.toml").read_bytes(), type=_Tables)


def _metrics(vector: str) -> dict[str, str]:
    """The values that count: a modified metric before its base, the gravest for what is not defined."""
    version, *parts = vector.strip().split("/")
    if version != "CVSS:4.0":
        raise ValueError(f"{vector[:80]!r} is no CVSS 4 vector")
    found: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(":")
        if name in found or not _possible(name, value):
            raise ValueError(f"{part[:20]!r} is wrong or stands twice in a CVSS 4 vector")
        found[name] = value
    if missing := _BASE.keys() - found.keys():
        raise ValueError(f"{', '.join(sorted(missing))} missing from a CVSS 4 vector")
    return {name: _effective(name, found) for name in _LEVELS}


def _possible(name: str, value: str) -> bool:
    if name in _BASE:
        return len(value) == 1 and value in _BASE[name]
    others: Mapping[str, Sequence[str]] = _MODIFIED | _SUPPLEMENTAL | {key: _LEVELS[key] for key in _ASSUMED}
    return name in others and value in ("X", *others[name])


def _effective(name: str, found: Mapping[str, str]) -> str:
    modified = found.get(f"M{name}", "X")
    value = found.get(name, "X") if modified == "X" else modified
    return _ASSUMED.get(name, value) if value == "X" else value


def _macro(metrics: Mapping[str, str]) -> tuple[int, ...]:
    """The six equivalence sets of tables 24 to 29; 0 is the gravest of each."""
    easy = [metrics["AV"] == "N", metrics["PR"] == "N", metrics["UI"] == "N"]
    high = [metrics[name] == "H" for name in ("VC", "VI", "VA")]
    safety = "S" in (metrics["SI"], metrics["SA"])
    beyond = "H" in (metrics["SC"], metrics["SI"], metrics["SA"])
    demanded = [metrics[name] == "H" for name in ("CR", "IR", "AR")]
    return (
        0 if all(easy) else 1 if any(easy) and metrics["AV"] != "P" else 2,
        0 if (metrics["AC"], metrics["AT"]) == ("L", "N") else 1,
        0 if high[0] and high[1] else 1 if any(high) else 2,
        0 if safety else 1 if beyond else 2,
        _LEVELS["E"].index(metrics["E"]),
        0 if any(one and other for one, other in zip(demanded, high, strict=True)) else 1,
    )


def _step(
    metrics: Mapping[str, str], macro: tuple[int, ...], group: tuple[int, ...], value: Decimal
) -> Decimal | None:
    """How far to move down in one group: the share of the way to the next lower macro vector; None without one."""
    lower = [_tables().scores[text] for text in _lower(macro, group) if text in _tables().scores]
    if not lower:
        return None
    name = "".join(str(at + 1) for at in group)
    level = "".join(str(macro[at]) for at in group)
    depth = _tables().depths[name][level]
    distance = _distance(metrics, _tables().tops[name][level])
    return (value - Decimal(str(max(lower)))) * distance / depth


def _lower(macro: tuple[int, ...], group: tuple[int, ...]) -> Iterator[str]:
    """The macro vectors one step below in the group."""
    for at in group:
        yield "".join(str(level + (place == at)) for place, level in enumerate(macro))


def _distance(metrics: Mapping[str, str], tops: list[str]) -> int:
    """Levels between the vector and a gravest vector of its set that is in no metric below it."""
    for top in tops:
        pairs = [part.split(":") for part in top.split("/")]
        levels = [_LEVELS[name].index(metrics[name]) - _LEVELS[name].index(value) for name, value in pairs]
        if min(levels) >= 0:
            return sum(levels)
    raise ValueError(f"no gravest vector of {tops} lies above the vector")
