"""The cell: what happened to one endpoint's requests in one stage. Hot: plain attributes, lists, no calls."""

from collections import Counter

from battery.load.snapshot import Series


class Cell:
    """Counts and latencies (µs) since the last snapshot."""

    __slots__ = (
        "endpoint",
        "errors",
        "failed",
        "ok",
        "planned",
        "response",
        "response_counts",
        "retried",
        "sent",
        "service",
        "service_counts",
        "stage",
    )

    def __init__(self, stage: int, endpoint: int) -> None:
        self.stage = stage
        self.endpoint = endpoint
        self.response: list[int] = []
        self.service: list[int] = []
        self._begin_second()

    def fail(self, kind: str, response_ns: int, service_ns: int) -> None:
        """Count a request that was sent, or whose user tried in vain to send it."""
        self.failed += 1
        self.errors[kind] = self.errors.get(kind, 0) + 1
        self.response.append(response_ns // 1000)
        self.service.append(service_ns // 1000)

    def fold(self) -> None:
        """Count the raw latencies; often, so that no second ends with a pause."""
        if self.response:
            self.response_counts.update(self.response)
            self.service_counts.update(self.service)
            self.response.clear()
            self.service.clear()

    def take(self) -> Series | None:
        """What came together since the last take; None when nothing did."""
        self.fold()
        if not (self.planned or self.sent or self.ok or self.failed or self.retried):
            return None
        series = Series(
            stage=self.stage,
            endpoint=self.endpoint,
            planned=self.planned,
            sent=self.sent,
            ok=self.ok,
            failed=self.failed,
            errors=self.errors,
            response=self.response_counts,
            service=self.service_counts,
            retried=self.retried,
        )
        self._begin_second()
        return series

    def _begin_second(self) -> None:
        self.planned = 0
        self.sent = 0
        self.ok = 0
        self.failed = 0
        self.retried = 0
        self.errors: dict[str, int] = {}
        self.response_counts: Counter[int] = Counter()
        self.service_counts: Counter[int] = Counter()
