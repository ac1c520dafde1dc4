"""Burn rates for thirty days: how many times faster than allowed a budget may go before somebody is told.

Each alert looks at a long window, so that it is sure, and at a short one, so that it ends soon after the trouble.
2 % of the budget in an hour and 5 % in six are worth waking somebody; 10 % in one day or in three, a ticket.
"""

from typing import Literal

from battery.model.frozen import Frozen

FASTEST = 14.4


class BurnRate(Frozen, frozen=True, kw_only=True):
    """One pair of windows, the factor on the budget, and what shall happen."""

    factor: float
    short: str
    long: str
    severity: Literal["page", "ticket"]
    hold: str


BURN_RATES = (
    BurnRate(factor=FASTEST, short="5m", long="1h", severity="page", hold="1m"),
    BurnRate(factor=6.0, short="30m", long="6h", severity="page", hold="5m"),
    BurnRate(factor=3.0, short="2h", long="1d", severity="ticket", hold="15m"),
    BurnRate(factor=1.0, short="6h", long="3d", severity="ticket", hold="30m"),
)
WINDOWS = tuple(dict.fromkeys(window for rate in BURN_RATES for window in (rate.short, rate.long)))
