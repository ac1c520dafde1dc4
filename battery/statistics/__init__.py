"""What may be concluded from samples: bounds of quantiles and rates, drift, and the comparison of two runs.

Pure: no clock and no random source of its own. All bounds hold for independent samples, unless they say otherwise.
"""

from battery.statistics.beta import incomplete_beta, inverse_incomplete_beta
from battery.statistics.calm import Calm, calm, start_of
from battery.statistics.comparison import Comparison, compare
from battery.statistics.drift import Trend, trend
from battery.statistics.ordered import Counted, Ordered
from battery.statistics.proportion import (
    Proportion,
    proportion,
    proportion_lower_bound,
    proportion_upper_bound,
)
from battery.statistics.quantile import (
    Quantile,
    lower_rank,
    quantile,
    quantile_lower_bound,
    quantile_upper_bound,
    upper_rank,
)
from battery.statistics.series import Point

__all__ = [
    "Calm",
    "Comparison",
    "Counted",
    "Ordered",
    "Point",
    "Proportion",
    "Quantile",
    "Trend",
    "calm",
    "compare",
    "incomplete_beta",
    "inverse_incomplete_beta",
    "lower_rank",
    "proportion",
    "proportion_lower_bound",
    "proportion_upper_bound",
    "quantile",
    "quantile_lower_bound",
    "quantile_upper_bound",
    "start_of",
    "trend",
    "upper_rank",
]
