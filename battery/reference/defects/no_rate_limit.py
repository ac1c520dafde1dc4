"""Anonymous callers may come as often as they like."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(name="no_rate_limit", title="anonymous callers are not limited", instrument="security")
