"""Rules: what the type of a rule cannot say about ids, limits, bounds and measures."""

import math
from collections.abc import Iterable

from battery.definitions.explaining import suggestion
from battery.errors import DefinitionError
from battery.model.gate import Gate, Rule
from battery.model.measure import Measure

_POSSIBLE = {"%": "a number from 0 to 100", "bool": "0 or 1", "ratio": "a finite number"}


def check_rules(gate: Gate, file: str) -> None:
    """Each rule once, with a limit that can be and words that say why.

    Raises: DefinitionError.
    """
    names = [rule.id for rule in gate.rule]
    for index, rule in enumerate(gate.rule):
        key = f"rule[{index}]"
        if rule.id in names[:index]:
            raise DefinitionError(file, f'two rules have the id "{rule.id}"', key=f"{key}.id")
        check_limit(rule, rule.limit, file, f"{key}.limit")
        check_bound(rule, file, key)
        for name in ("why", "next_step"):
            if not getattr(rule, name).strip():
                raise DefinitionError(file, "is empty; whoever meets a failure reads it", key=f"{key}.{name}")


def check_limit(rule: Rule, limit: float, file: str, key: str) -> None:
    """A limit that a value of the rule's unit can reach.

    Raises: DefinitionError.
    """
    possible = math.isfinite(limit) and (limit >= 0 or rule.unit == "ratio")
    if rule.unit == "%":
        possible = possible and limit <= 100
    if rule.unit == "bool":
        possible = limit in (0, 1)
    if not possible:
        expected = _POSSIBLE.get(rule.unit, "a finite number of at least 0")
        raise DefinitionError(file, f"{limit:g} {rule.unit} is impossible; expected {expected}", key=key)


def check_measures(gate: Gate, measures: Iterable[Measure], file: str) -> None:
    """Every rule judges a measure that is declared, in its unit.

    Raises: DefinitionError.
    """
    known = {measure.name: measure for measure in measures}
    for index, rule in enumerate(gate.rule):
        measure = known.get(rule.measure)
        if measure is None:
            hint = suggestion(rule.measure, known) or "declare it in a measures.toml beside the gate"
            problem = f'unknown measure "{rule.measure}"'
            raise DefinitionError(file, problem, key=f"rule[{index}].measure", hint=hint)
        if measure.unit != rule.unit:
            problem = (
                f'wrong unit "{rule.unit}"; expected "{measure.unit}", in which {measure.name} is measured'
            )
            raise DefinitionError(file, problem, key=f"rule[{index}].unit")


def check_bound(rule: Rule, file: str, key: str) -> None:
    """A rule judges the unlucky bound, never the lucky one; counted findings have no bounds.

    Raises: DefinitionError.
    """
    lucky = {"<=": "lower", "<": "lower", ">=": "upper", ">": "upper"}.get(rule.operator)
    if rule.bound == lucky:
        problem = (
            f'"{rule.bound}" lets luck pass a rule of {rule.operator}; expected "value" or the other bound'
        )
        raise DefinitionError(file, problem, key=f"{key}.bound")
    if rule.counts is None:
        return
    upward = rule.operator in (">=", ">") or (rule.operator == "==" and rule.limit != 0)
    if rule.unit != "count" or rule.bound != "value" or upward:
        problem = (
            'needs unit "count", bound "value" and an upper limit: waived findings are taken off the value'
        )
        raise DefinitionError(file, problem, key=f"{key}.counts")
