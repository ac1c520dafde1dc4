"""Limits of single endpoints: what battery.toml sets on an endpoint becomes rules of G2 and G3, one a profile."""

import math
from collections.abc import Iterable, Iterator

import msgspec

from battery.definitions.gates import Gates
from battery.errors import DefinitionError
from battery.model.gate import Gate, Rule
from battery.model.measure import Measure
from battery.model.profile import Profile
from battery.model.quantity import seconds
from battery.model.target import Endpoint

_SAMPLES = 299  # the fewest that give a p99 its 95 % upper bound
_WHY = "battery.toml sets this limit on the endpoint."
_LATENCY, _ERRORS = "G2", "G3"


def with_endpoint_limits(
    gates: Gates, endpoints: Iterable[Endpoint], profiles: Iterable[Profile], file: str
) -> Gates:
    """The gates with a measure for each profile and a rule for each limit of an endpoint.

    Raises: DefinitionError when two limited endpoints would share a measure.
    """
    chosen = list(profiles)
    limited = [endpoint for endpoint in endpoints if endpoint.p99 or endpoint.errors]
    _check_slugs(limited, file)
    rules = [
        (gate, rule) for profile in chosen for endpoint in limited for gate, rule in _rules(profile, endpoint)
    ]
    known = {measure.name for measure in gates.measures}
    wanted = [*(measure for profile in chosen for measure in _of_profile(profile)), *map(_of_rule, rules)]
    added = tuple(measure for measure in wanted if measure.name not in known)
    return msgspec.structs.replace(
        gates,
        gates=tuple(
            _extended(gate, [rule for name, rule in rules if name == gate.id]) for gate in gates.gates
        ),
        measures=(*gates.measures, *added),
    )


def _rules(profile: Profile, endpoint: Endpoint) -> Iterator[tuple[str, Rule]]:
    begin = f"load.{profile.id.lower()}.{endpoint.slug}"
    where = f"endpoint {endpoint.name} under {profile.id}"
    if endpoint.p99:
        yield _LATENCY, _rule(f"{begin}.p99", seconds(endpoint.p99) * 1000, "ms", where)
    if endpoint.errors:
        yield _ERRORS, _rule(f"{begin}.errors", endpoint.errors, "%", where)


def _rule(measure: str, limit: float, unit: str, where: str) -> Rule:
    table = {
        "id": measure,
        "measure": measure,
        "operator": "<=",
        "limit": limit,
        "unit": unit,
        "bound": "upper",
        "samples": _samples(limit) if unit == "%" else _SAMPLES,
        "why": _WHY,
        "next_step": f"Look at {where} in the stages blob: its histogram and its errors by kind stand there.",
    }
    return msgspec.convert(table, Rule)


def _samples(percent: float) -> int:
    """The fewest requests of which, when none fails, the 95 % upper bound is no more than this share."""
    if percent >= 100:
        return _SAMPLES
    return max(_SAMPLES, math.ceil(math.log(0.05) / math.log1p(-percent / 100)))


def _of_profile(profile: Profile) -> tuple[Measure, Measure]:
    """What every profile measures, the user's own ones too."""
    name = f"load.{profile.id.lower()}"
    words = f"under {profile.id} {profile.title}"
    return (
        Measure(name=f"{name}.p99", unit="ms", title=f"99th percentile of the response time {words}"),
        Measure(name=f"{name}.errors", unit="%", title=f"requests that failed {words}"),
    )


def _of_rule(row: tuple[str, Rule]) -> Measure:
    return Measure(name=row[1].measure, unit=row[1].unit, title=f"{row[1].measure}, of one endpoint")


def _extended(gate: Gate, rules: list[Rule]) -> Gate:
    return msgspec.structs.replace(gate, rule=(*gate.rule, *rules))


def _check_slugs(endpoints: list[Endpoint], file: str) -> None:
    slugs = [endpoint.slug for endpoint in endpoints]
    for index, slug in enumerate(slugs):
        if not slug or slug in slugs[:index]:
            raise DefinitionError(
                file,
                f'the limits of "{endpoints[index].name}" need a name that differs from the others in letters or digits',
                key="endpoint.name",
            )
