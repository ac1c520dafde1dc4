"""What makes a drill impossible; a command that fails or hangs is a result, not an error."""

from battery.errors import BatteryError


class DrillImpossible(BatteryError):
    """The drill cannot even begin: says what is missing and how to mend it."""

    exit_code = 2


class CommandMissing(DrillImpossible):
    """The command cannot be started in a clean checkout: it is not there, or not executable."""
