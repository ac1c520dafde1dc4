"""Files that are opened and never closed."""

import os

from battery.reference.defects.defect import Defect
from battery.reference.defects.growth import Growth

DEFECT = Defect(
    name="descriptor_leak", title="opens 5 files a second and never closes them", instrument="load"
)
FILES_PER_SECOND = 5


def growth(kept: list[int], file: str = os.devnull) -> Growth:
    """A leak of descriptors into `kept`."""

    def add() -> None:
        try:
            kept.append(os.open(file, os.O_RDONLY))
        except OSError:
            pass  # the limit is reached: the service now has none left, which is the point

    return Growth(add, FILES_PER_SECOND)
