"""Memory grows by 1 MB a second."""

from battery.reference.defects.defect import Defect
from battery.reference.defects.growth import Growth

DEFECT = Defect(name="leak", title="memory grows by 1 MB a second while it serves", instrument="load")
CHUNK_BYTES, CHUNKS_PER_SECOND = 100_000, 10


def growth(kept: list[bytes]) -> Growth:
    """A leak into `kept`, of bytes that are written: pages that are only reserved would not show."""
    return Growth(lambda: kept.append(b"\x01" * CHUNK_BYTES), CHUNKS_PER_SECOND)
