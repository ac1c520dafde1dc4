"""The base score of CVSS 3.0 and 3.1, by section 7 of the specification (https://www.first.org/cvss/v3-1/)."""

import math

_WEIGHTS: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "PR": {"N": 0.85, "L": 0.62, "H": 0.27},
    "UI": {"N": 0.85, "R": 0.62},
    "S": {"U": 0.0, "C": 1.0},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES_CHANGED = {"N": 0.85, "L": 0.68, "H": 0.5}
# Temporal and environmental metrics may follow; the base score does not read them.
_OTHERS = frozenset({
    "E", "RL", "RC", "CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA",
})  # fmt: skip


def base_score(vector: str) -> float:
    """The base score of a vector. Raises: ValueError for one that is not a CVSS 3 vector."""
    metrics = _metrics(vector)
    weight = {name: _WEIGHTS[name][value] for name, value in metrics.items()}
    changed = metrics["S"] == "C"
    if changed:
        weight["PR"] = _PRIVILEGES_CHANGED[metrics["PR"]]
    lost = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * weight["AV"] * weight["AC"] * weight["PR"] * weight["UI"]
    return _round_up(min((1.08 if changed else 1.0) * (impact + exploitability), 10))


def _metrics(vector: str) -> dict[str, str]:
    """The base metrics, each once and with a value that it can have."""
    version, *parts = vector.strip().split("/")
    if version not in ("CVSS:3.0", "CVSS:3.1"):
        raise ValueError(f"{vector[:80]!r} is no CVSS 3 vector")
    found: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(":")
        if name in found or not _possible(name, value):
            raise ValueError(f"{part[:20]!r} is wrong or stands twice in a CVSS 3 vector")
        found[name] = value
    if missing := _WEIGHTS.keys() - found.keys():
        raise ValueError(f"{', '.join(sorted(missing))} missing from a CVSS 3 vector")
    return {name: found[name] for name in _WEIGHTS}


def _possible(name: str, value: str) -> bool:
    if name in _OTHERS:
        return value.isascii() and value.isalpha() and value.isupper() and len(value) == 1
    return value in _WEIGHTS.get(name, {})


def _round_up(score: float) -> float:
    """To one decimal, upwards; on integers, as appendix A of 3.1 does, because 4.0 may compute as 4.000000001."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10
