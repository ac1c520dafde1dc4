"""Connections that are never given back after an error."""

from typing import TypeVar

from battery.reference.defects.defect import Defect
from battery.reference.pool.pool import Connection, Pool

DEFECT = Defect(
    name="pool_leak",
    title="a connection that met an error is never given back to its pool",
    instrument="chaos",
)
C = TypeVar("C", bound=Connection)


class LeakyPool(Pool[C]):
    """Loses a place with each error, until none is left."""

    def _after_error(self, connection: C | None) -> None:
        """Forget to give the place back."""
