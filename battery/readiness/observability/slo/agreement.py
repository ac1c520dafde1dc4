"""Whether rule files hold the burn-rate rules of some objectives, as `battery slo` writes them."""

from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import Rule, RuleFile
from battery.readiness.observability.slo.objective import Objective
from battery.readiness.observability.slo.rule_groups import rules_yaml


def objective_flaws(objectives: Iterable[Objective], files: Iterable[RuleFile]) -> Iterator[Flaw]:
    """Each rule of each objective that no file holds, or holds with another expression or another wait."""
    loaded = [rule for file in files for rule in file.rules]
    for objective in objectives:
        wanted = read_rules(rules_yaml((objective,)).encode(), objective.name)
        for rule in wanted.rules:
            yield from _flaw_of(objective, rule, [each for each in loaded if _is_namesake(rule, each)])


def _flaw_of(objective: Objective, rule: Rule, namesakes: list[Rule]) -> Iterator[Flaw]:
    what = rule.name if rule.alerting else f'{rule.name}{{slo="{objective.name}"}}'
    if not namesakes:
        text = f"{what} is in no rule file: write it with `battery slo` and let Prometheus load it"
        yield Flaw(rule="slo.missing", where=objective.name, text=text)
    elif not any(_says_the_same(rule, each) for each in namesakes):
        text = f"{what} says something else than the objective: write the rules anew with `battery slo`"
        yield Flaw(rule="slo.different", where=objective.name, text=text)


def _is_namesake(wanted: Rule, rule: Rule) -> bool:
    """Recording rules of all objectives have the same names; their label slo tells them apart."""
    told = ("", wanted.labels["slo"]) if wanted.alerting else (wanted.labels["slo"],)
    return (wanted.name, wanted.alerting) == (rule.name, rule.alerting) and rule.labels.get("slo", "") in told


def _says_the_same(wanted: Rule, rule: Rule) -> bool:
    texts = ["".join(each.expression.text.split()) for each in (wanted, rule)]
    return texts[0] == texts[1] and wanted.hold == rule.hold
