"""What is wrong with rules that Prometheus would load: nobody would learn of the trouble, or not what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.rules.rule_file import Rule, RuleFile

_SEVERITY = "severity"
_SUMMARIES = ("summary", "title", "message", "description")
_RUNBOOKS = ("runbook_url", "runbook")


def rule_flaws(files: Iterable[RuleFile]) -> tuple[Flaw, ...]:
    """Every flaw in some rule files that one Prometheus loads together."""
    everything = tuple(files)
    return (*_duplicates(everything), *(flaw for one in everything for flaw in _of_file(one)))


def _duplicates(files: tuple[RuleFile, ...]) -> Iterator[Flaw]:
    keys = Counter(rule.key for file in files for rule in file.rules)
    for (name, *_), times in keys.items():
        if times > 1:
            yield Flaw(rule="rules.duplicate", where=name, text=f"the same rule stands {times} times")
    series = Counter(
        (rule.name, tuple(sorted(rule.labels.items())))
        for f in files
        for rule in f.rules
        if not rule.alerting
    )
    for (name, _), times in series.items():
        if times > 1:
            text = f"{times} recording rules make the same series, and the last one wins each time"
            yield Flaw(rule="rules.duplicate", where=name, text=text)


def _of_file(file: RuleFile) -> Iterator[Flaw]:
    if not file.groups:
        yield Flaw(rule="rules.empty", where=file.file, text="the file has no groups: it watches nothing")
    for group in file.groups:
        if not group.rules:
            text = f"the group {group.name} has no rules: remove it or fill it"
            yield Flaw(rule="rules.empty", where=file.file, text=text)
    for rule in file.rules:
        yield from _of_expression(rule)
        if rule.alerting:
            yield from _of_alert(rule)


def _of_expression(rule: Rule) -> Iterator[Flaw]:
    if rule.expression.experimental:
        names = ", ".join(rule.expression.experimental)
        text = f"{names}: needs Prometheus 3 with --enable-feature=promql-experimental-functions"
        yield Flaw(rule="rules.experimental", where=rule.name, text=text, weight="warning")
    if rule.expression.constant:
        text = "the expression names no series: it is always or never so"
        yield Flaw(rule="rules.constant", where=rule.name, text=text)


def _of_alert(rule: Rule) -> Iterator[Flaw]:
    if rule.hold is None:
        text = "it has no for: one bad scrape wakes somebody up; write for: 0s if that is meant"
        yield Flaw(rule="rules.for", where=rule.name, text=text)
    if not rule.labels.get(_SEVERITY, "").strip():
        text = "it has no label severity: nobody can tell a page from a ticket"
        yield Flaw(rule="rules.severity", where=rule.name, text=text)
    if not _any(rule, _SUMMARIES):
        text = "it has no annotation summary: whoever is woken reads only a name"
        yield Flaw(rule="rules.summary", where=rule.name, text=text)
    if not _any(rule, _RUNBOOKS):
        text = "it has no annotation runbook_url: whoever is woken does not know what to do"
        yield Flaw(rule="rules.runbook", where=rule.name, text=text)


def _any(rule: Rule, names: tuple[str, ...]) -> bool:
    return any(rule.annotations.get(name, "").strip() for name in names)
