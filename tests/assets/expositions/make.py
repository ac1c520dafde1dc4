"""Makes the expositions that stand beside it, by prometheus_client: `python tests/assets/expositions/make.py`."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

HERE = Path(__file__).parent


def registry() -> CollectorRegistry:
    """A shop that has served a few requests."""
    made = CollectorRegistry()
    requests = Counter("http_requests", "Requests served.", ["code", "path"], registry=made)
    for code, path, times in (("200", "/orders", 90), ("500", "/orders", 3), ("200", 'odd "path"\\\n', 2)):
        requests.labels(code, path).inc(times)
    took = Histogram("http_request_duration_seconds", "Time to answer.", ["path"], registry=made)
    for value in (0.003, 0.02, 0.7, 20.0):
        took.labels("/orders").observe(value)
    Summary("queue_wait_seconds", "Time in the queue.", registry=made).observe(0.5)
    Gauge("queue_length", "Orders that wait.", registry=made).set(4)
    Counter("emails", "Mails sent, none yet.", ["kind"], registry=made)
    return made


def main() -> None:
    """Write both formats."""
    made = registry()
    (HERE / "shop.prom").write_bytes(generate_latest(made))
    (HERE / "shop.openmetrics").write_bytes(generate_openmetrics(made))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
