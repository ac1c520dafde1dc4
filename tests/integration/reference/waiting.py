"""Waiting for a state of the service."""

import time
from collections.abc import Callable

import httpx

# What a busy machine may need; the service itself needs seconds.
PATIENCE_SECONDS = 60.0


def until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> float:
    """Look until it holds; the seconds that it took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it never came to hold"
        time.sleep(0.02)
    return time.monotonic() - started


def answers(url: str, status: int = 200, *, timeout: float = 5.0) -> bool:
    """Whether a GET has this status; no answer at all is none."""
    try:
        return httpx.get(url, timeout=timeout).status_code == status
    except httpx.TransportError:
        return False


def ready(url: str) -> bool:
    """Whether the service at `url` is ready."""
    return answers(f"{url}/api/health/ready")


def metric(client: httpx.Client, name: str) -> float:
    """One sample of the scrape, by its full name with labels."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.rpartition(" ")[2])
    raise AssertionError(f"no sample {name}")
