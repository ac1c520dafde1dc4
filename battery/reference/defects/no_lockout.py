"""Whoever guesses may guess on."""

from battery.reference.access.lockout import Lockout
from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="no_lockout", title="failed logins and unknown tokens are never locked out", instrument="security"
)


class NoLockout(Lockout):
    """Counts nothing."""

    def failed(self, source: str) -> bool:  # noqa: ARG002 - nobody is remembered
        """One failure more, and nothing follows."""
        return False
