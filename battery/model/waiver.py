"""The waiver: a signed-in, expiring exception with an owner and a reason."""

from datetime import datetime

from battery.model.frozen import Frozen


class Waiver(Frozen, frozen=True, kw_only=True):
    """Excuses one failing rule, or one finding, until it expires; never excuses missing evidence."""

    finding: str = ""
    rule: str = ""
    reason: str
    owner: str
    expires: datetime
    subject: str = ""

    @property
    def name(self) -> str:
        """What is waived, in one word."""
        return self.rule or self.finding


class WaiverUse(Frozen, frozen=True, kw_only=True):
    """What became of a waiver in a run."""

    waiver: Waiver
    state: str
    detail: str
