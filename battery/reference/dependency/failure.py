"""Why there is no answer from the dependency."""


class DependencyFailure(Exception):
    """The dependency did not answer as it should; `retry_after` tells when it is worth asking again."""

    def __init__(self, reason: str, retry_after: float = 1.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BreakerOpen(DependencyFailure):
    """The dependency was not asked: it has failed too often just now."""


class DependencyBusy(DependencyFailure):
    """The dependency was not asked: too many of our own requests wait for it."""
