"""What can be read of a pool."""

from typing import Protocol


class PoolFigures(Protocol):
    """How big it is and how it is used."""

    @property
    def name(self) -> str:
        """Which pool."""
        ...

    @property
    def size(self) -> int:
        """Connections it may hold."""
        ...

    @property
    def in_use(self) -> int:
        """Connections in use."""
        ...

    @property
    def idle(self) -> int:
        """Connections that wait for use."""
        ...

    @property
    def timeouts(self) -> int:
        """Times nobody gave one back in time."""
        ...
