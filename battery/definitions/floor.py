"""The floor: in what a set of gates differs from another, and whether it lets more through."""

from collections.abc import Iterable

from battery.model.gate import Gate, Rule, RuleChange

_UPPER_LIMITS = ("<=", "<")
_LOWER_LIMITS = (">=", ">")
ABSENT = "absent"


def rules_by_id(gates: Iterable[Gate]) -> dict[str, Rule]:
    """Every rule by its full name, "G2:load.p3.p99"."""
    return {f"{gate.id}:{rule.id}": rule for gate in gates for rule in gate.rule}


def changes(floor: Iterable[Gate], used: Iterable[Gate]) -> tuple[RuleChange, ...]:
    """Each rule of the floor that is absent or differs in the used gates, and each added one."""
    wanted, given = rules_by_id(floor), rules_by_id(used)
    found = []
    for name in sorted(wanted.keys() | given.keys()):
        ours, theirs = wanted.get(name), given.get(name)
        if theirs is None and ours is not None:
            found.append(RuleChange(rule=name, shipped=in_words(ours), used=ABSENT, loosened=True))
        elif ours is None and theirs is not None:
            found.append(RuleChange(rule=name, shipped=ABSENT, used=in_words(theirs), loosened=False))
        elif ours is not None and theirs is not None and _meaning(ours) != _meaning(theirs):
            found.append(
                RuleChange(
                    rule=name,
                    shipped=in_words(ours),
                    used=in_words(theirs),
                    loosened=is_loosened(ours, theirs),
                )
            )
    return tuple(found)


def in_words(rule: Rule) -> str:
    """The rule as one comparison: "upper(load.p3.p99) <= 800 ms, n >= 299"."""
    left = rule.measure if rule.bound == "value" else f"{rule.bound}({rule.measure})"
    samples = f", n >= {rule.samples}" if rule.samples else ""
    counted = f", waived {rule.counts} findings not counted" if rule.counts else ""
    later = f", from intensity {rule.from_intensity}" if rule.from_intensity != "smoke" else ""
    unit = "" if rule.unit == "count" else f" {rule.unit}"
    return f"{left} {rule.operator} {rule.limit:g}{unit}{samples}{counted}{later}"


def is_loosened(floor: Rule, used: Rule) -> bool:
    """Whether some evidence passes `used` that would not pass `floor`; in doubt, yes."""
    if (used.measure, used.unit) != (floor.measure, floor.unit):
        return True
    if used.samples < floor.samples or (used.bound != floor.bound and not _stricter_bound(floor, used)):
        return True
    if not used.is_judged_at(floor.from_intensity):
        return True
    # A rule that counts findings also compares the number with the list; one that does not, deducts no waiver.
    if used.counts != floor.counts:
        return True
    return not _limit_at_least_as_strict(floor, used)


def _meaning(rule: Rule) -> tuple[object, ...]:
    comparison = (rule.measure, rule.operator, rule.limit, rule.unit, rule.bound)
    return (*comparison, rule.samples, rule.counts, rule.from_intensity)


def _stricter_bound(floor: Rule, used: Rule) -> bool:
    if floor.operator in _UPPER_LIMITS:
        return (floor.bound, used.bound) == ("value", "upper")
    if floor.operator in _LOWER_LIMITS:
        return (floor.bound, used.bound) == ("value", "lower")
    return False


def _limit_at_least_as_strict(floor: Rule, used: Rule) -> bool:
    if floor.operator in _UPPER_LIMITS and used.operator in _UPPER_LIMITS:
        softer_edge = floor.operator == "<" and used.operator == "<="
        return used.limit < floor.limit or (used.limit == floor.limit and not softer_edge)
    if floor.operator in _LOWER_LIMITS and used.operator in _LOWER_LIMITS:
        softer_edge = floor.operator == ">" and used.operator == ">="
        return used.limit > floor.limit or (used.limit == floor.limit and not softer_edge)
    return floor.operator == used.operator and floor.limit == used.limit
