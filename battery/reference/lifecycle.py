"""Where the service stands between its start and its end."""


class Lifecycle:
    """Whether the service is on its way out, and how often its supervisor has restarted it."""

    def __init__(self, *, restarts: int | None = None) -> None:
        self.draining = False
        self.restarts = restarts

    @property
    def supervised(self) -> bool:
        """Whether a supervisor looks after the process."""
        return self.restarts is not None

    def drain(self) -> None:
        """From here on the service is not ready, and asks its clients to go elsewhere."""
        self.draining = True
