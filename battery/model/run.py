"""The run: one execution as its reports see it."""

from datetime import datetime

from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.plan import Plan
from battery.model.verdict import Judgement


class Run(Frozen, frozen=True, kw_only=True):
    """A finished run: what was planned, recorded and judged."""

    folder: str
    plan: Plan
    evidence: tuple[Evidence, ...]
    judgement: Judgement
    finished: datetime
    certificate: str = ""
    verify_command: str = ""

    @property
    def is_baseline(self) -> bool:
        """Whether the evidence is placeholder evidence."""
        return self.plan.mode == "baseline"
