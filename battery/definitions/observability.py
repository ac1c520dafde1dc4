"""The [observability] table, checked for what types cannot say."""

from collections.abc import Iterable

from battery.definitions.spelling import shown
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.observability import Observability

# The parts that keys of the same name give the battery something to look at for.
_GIVEN = ("objectives", "alert", "dashboards", "logs")


def check_observability(definition: Definition, file: str) -> None:
    """Names that stand elsewhere in battery.toml, and nothing that is given and not applicable at once.

    Raises: DefinitionError.
    """
    table = definition.observability
    _check_contradictions(table, file)
    reachable = [each.name for each in definition.dependency if each.upstream]
    endpoints = [each.name for each in definition.endpoint]
    _check_known(table.ready_needs, reachable, "dependency with an upstream", file, "ready_needs")
    _check_known(table.truth.endpoints, endpoints, "endpoint", file, "truth.endpoints")
    if table.alert:
        needed = (table.alert.dependency,)
        _check_known(needed, reachable, "dependency with an upstream", file, "alert.dependency")
        asked = (table.alert.endpoint,) if table.alert.endpoint else ()
        _check_known(asked, endpoints, "endpoint", file, "alert.endpoint")


def _check_contradictions(table: Observability, file: str) -> None:
    for part in table.not_applicable:
        key = "rules" if part == "alerts" else part
        if (key == "rules" or key in _GIVEN) and getattr(table, key):
            problem = f"is called not applicable, and [observability] gives {key}: keep one"
            raise DefinitionError(file, problem, key=f"observability.not_applicable.{part}")


def _check_known(names: Iterable[str], known: list[str], what: str, file: str, key: str) -> None:
    for name in names:
        if name not in known:
            problem = f"{shown(name)} names no {what}; there is {', '.join(known) or 'none'}"
            raise DefinitionError(file, problem, key=f"observability.{key}")
