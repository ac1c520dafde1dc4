"""What is said of a planted defect."""

from typing import Literal

import msgspec


class Defect(msgspec.Struct, frozen=True, kw_only=True):
    """A defect: its name on the command line, what it does in one line, and the instrument that must find it."""

    name: str
    title: str
    instrument: Literal["load", "chaos", "readiness", "security"]
