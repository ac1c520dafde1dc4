"""What goes wrong with the target's process."""

from battery.errors import TargetUnreachable


class ProcessFailed(TargetUnreachable):
    """The target's process did not start, did not become ready, did not come back or did not end."""
