"""A flaw: one thing about metrics, rules, dashboards or docs that a person should mend."""

from collections.abc import Iterable
from typing import Literal

from battery.model.frozen import Frozen

Weight = Literal["error", "warning"]


class Flaw(Frozen, frozen=True, kw_only=True):
    """Which rule was broken, where, and a sentence that says what stands there and what to do."""

    rule: str
    where: str
    text: str
    weight: Weight = "error"


def errors(flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """Those that are more than a warning."""
    return tuple(flaw for flaw in flaws if flaw.weight == "error")
