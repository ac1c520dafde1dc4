"""What makes the drill impossible or ends it."""

from battery.errors import BatteryError


class DrillStopped(BatteryError):
    """The drill cannot go on: says what it was about to do, what happened, and what is left to do."""

    exit_code = 2
