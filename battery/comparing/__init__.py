"""Comparing: two judged runs side by side: measures, gates, and the levels of their load second by second. Pure."""

from battery.comparing.loads import LoadChange, compare_loads
from battery.comparing.runs import Changes, GateChange, MeasureChange, compare_runs
from battery.comparing.side import Side

__all__ = [
    "Changes",
    "GateChange",
    "LoadChange",
    "MeasureChange",
    "Side",
    "compare_loads",
    "compare_runs",
]
