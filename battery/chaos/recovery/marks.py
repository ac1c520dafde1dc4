"""The marks: when the fault was asked for, stood, and was gone, as seconds from the beginning of the series."""

from battery.model.frozen import Frozen


class Marks(Frozen, frozen=True, kw_only=True):
    """`injected` is t0 and `removed` is t2, both as acknowledged.

    `begun` is when the injection was asked for: what happens between it and t0 may be the fault's work already, so the
    baseline ends there. A fault that is over in itself, such as a kill, is removed when it is acknowledged.
    """

    begun: float
    injected: float
    removed: float

    def __post_init__(self) -> None:
        """Raises: ValueError when they are out of order."""
        if not self.begun <= self.injected <= self.removed:
            raise ValueError(
                f"marks out of order: begun {self.begun}, injected {self.injected}, removed {self.removed}"
            )
