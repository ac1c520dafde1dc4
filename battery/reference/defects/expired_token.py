"""Tokens that never expire."""

from datetime import UTC, datetime

from battery.reference.defects.defect import Defect

DEFECT = Defect(name="expired_token", title="a token is believed after its last day", instrument="security")


def no_time_passes() -> datetime:
    """A clock on which nothing has expired yet."""
    return datetime.min.replace(tzinfo=UTC)
