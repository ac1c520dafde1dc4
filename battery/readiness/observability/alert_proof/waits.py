"""How long the proof of an alert may take: its own `for`, what its windows look back on, and room for a crowd."""

import re
from collections.abc import Iterable

from battery.errors import BatteryError
from battery.model.definition import Intensity
from battery.model.frozen import Frozen
from battery.readiness.observability.alert_proof.proof import Patience
from battery.readiness.observability.rules.durations import seconds_of
from battery.readiness.observability.rules.rule_file import Rule, RuleFile

LONGEST = 600.0
_ROOM = 30.0
_WINDOW = re.compile(r"\[\s*([0-9a-z]+)\s*[\]:]")


class Rhythm(Frozen, frozen=True, kw_only=True):
    """Seconds between two scrapes of the target, and between two evaluations of its rules."""

    scrape: float
    evaluation: float


STEADY = Rhythm(scrape=5.0, evaluation=1.0)
QUICK = Rhythm(scrape=1.0, evaluation=1.0)
# A scrape may take no longer than its interval: metrics that need more of a second get the longer one.
_SWIFT = 0.25


def rhythm_of(intensity: Intensity, scrape_seconds: float) -> Rhythm:
    """Quick at smoke where the metrics answer swiftly; the promise in seconds is the same, and what is left to chance less."""
    return QUICK if intensity == "smoke" and scrape_seconds <= _SWIFT else STEADY


class AlertUnprovable(BatteryError):
    """The alert cannot be proven as it stands: says why, and what to do."""

    exit_code = 2


def rule_of(name: str, files: Iterable[RuleFile]) -> Rule:
    """The alert of that name.

    Raises: AlertUnprovable when there is none.
    """
    alerts = [rule for file in files for rule in file.alerts]
    found = [rule for rule in alerts if rule.name == name]
    if not found:
        known = ", ".join(sorted({rule.name for rule in alerts})) or "none"
        raise AlertUnprovable(
            f'[observability.alert] name = "{name}" is no alert of the rule files; there is {known}'
        )
    return max(found, key=lambda rule: rule.hold or 0.0)


def makers_of(rule: Rule, files: Iterable[RuleFile]) -> tuple[Rule, ...]:
    """The recording rules that make what the alert's expression names."""
    names = {selector.name for selector in rule.expression.selectors}
    return tuple(each for file in files for each in file.rules if not each.alerting and each.name in names)


def patience_for(rule: Rule, recorded: Iterable[Rule] = (), rhythm: Rhythm = STEADY) -> Patience:
    """How long is waited. `recorded` are the rules that make what the alert's expression names: their windows count too.

    Raises: AlertUnprovable when it would take longer than a proof may.
    """
    hold = rule.hold or 0.0
    texts = [rule.expression.text, *(each.expression.text for each in recorded)]
    window = max((seconds_of(text) or 0.0 for each in texts for text in _WINDOW.findall(each)), default=0.0)
    if hold + window > LONGEST:
        raise AlertUnprovable(
            f"{rule.name} waits {hold:g} s and looks back {window:g} s: longer than the {LONGEST:g} s of a proof; "
            "name an alert that tells the same sooner"
        )
    return Patience(
        calm=rhythm.scrape + 2 * rhythm.evaluation,
        fire=hold + min(window, hold + 60.0) + 2 * STEADY.scrape + _ROOM,
        resolve=window + 60.0 + _ROOM,
    )
