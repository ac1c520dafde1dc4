"""The exceptions of a run: its waivers and its changed rules, for every renderer."""

from battery.model.frozen import Frozen
from battery.model.gate import RuleChange
from battery.model.run import Run
from battery.model.verdict import Judgement
from battery.model.waiver import WaiverUse
from battery.report.quantity_text import counted, instant

_ORDER = ("expired", "applied", "unused")


class WaiverText(Frozen, frozen=True, kw_only=True):
    """What became of one waiver."""

    name: str
    state: str
    owner: str
    expires: str
    detail: str


def waiver_texts(judgement: Judgement) -> tuple[WaiverText, ...]:
    """Every waiver, the expired ones first: they ask for something."""
    uses = sorted(judgement.waivers, key=lambda use: _ORDER.index(use.state) if use.state in _ORDER else -1)
    return tuple(_waiver_text(use) for use in uses)


def changes(run: Run) -> tuple[RuleChange, ...]:
    """The rules that differ from the shipped ones, loosened ones first."""
    return tuple(sorted(run.plan.changes, key=lambda change: not change.loosened))


def change_sentence(change: RuleChange) -> str:
    """One changed rule: "G1:coverage.line LOOSENED: … instead of …"."""
    how = "LOOSENED" if change.loosened else "changed, not loosened"
    return f"{change.rule} {how}: {change.used} instead of {change.shipped}"


def loosened_sentence(run: Run) -> str:
    """The warning that loosened rules ask for; empty when there are none."""
    count = sum(change.loosened for change in run.plan.changes)
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'rule')} {verb} looser than shipped: this run lets more through"


def _waiver_text(use: WaiverUse) -> WaiverText:
    return WaiverText(
        name=use.waiver.name,
        state=use.state,
        owner=use.waiver.owner,
        expires=instant(use.waiver.expires),
        detail=use.detail,
    )
