"""SIGTERM ends the process in the middle of what it does."""

import os
from types import FrameType
from typing import NoReturn

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="shutdown_drops",
    title="SIGTERM ends the process at once, with requests in flight unanswered",
    instrument="chaos",
)


def exit_at_once(_number: int, _frame: FrameType | None) -> NoReturn:
    """End with 0, as if all were well."""
    os._exit(0)
