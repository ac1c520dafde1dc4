"""The resources of a target on another machine, as its own `process_*` metrics tell them."""

import re
import time
from collections.abc import Mapping

import httpx

from battery.load.resources import Usage
from battery.model.target import Target
from battery.redaction import resolve

EVERY = 5
_PATIENCE = 0.5  # the second that is being handed on must not wait for longer
_MOST_BYTES = 4 * 2**20
_SAMPLE = re.compile(r"^(process_\w+)(?:\{[^}]*\})?\s+(\S+)", re.MULTILINE)


class MetricsWatch:
    """Reads the target's metrics path every few seconds."""

    def __init__(self, target: Target, environ: Mapping[str, str]) -> None:
        self._path = target.metrics or ""
        self._before: tuple[int, float] | None = None
        self._client = httpx.Client(
            base_url=target.url,
            headers=[
                (name.encode("latin-1"), resolve(value, environ).encode("latin-1"))
                for name, value in target.headers.items()
            ],
            timeout=_PATIENCE,
            follow_redirects=False,
            trust_env=False,
        )

    def read(self, second: int) -> Usage | None:
        """A reading, where the target tells its memory; None else."""
        if second % EVERY:
            return None
        try:
            with self._client.stream("GET", self._path, headers={"Accept-Encoding": "identity"}) as answer:
                text = _bounded(answer) if answer.status_code == httpx.codes.OK else ""
        except httpx.HTTPError:
            return None
        found = samples(text)
        memory = found.get("process_resident_memory_bytes")
        if memory is None:
            return None
        descriptors, threads = found.get("process_open_fds"), found.get("process_threads")
        return Usage(
            second=second,
            cpu=self._cpu(second, found.get("process_cpu_seconds_total", 0.0)),
            rss=memory / 2**20,
            descriptors=None if descriptors is None else int(descriptors),
            threads=None if threads is None else int(threads),
        )

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def _cpu(self, second: int, total: float) -> float:
        """The share of a core since the reading before."""
        before, self._before = self._before, (second, total)
        if before is None or second <= before[0]:
            return 0.0
        return max(total - before[1], 0.0) / (second - before[0])


def samples(text: str) -> dict[str, float]:
    """The `process_*` samples of an exposition; a value that is no number is left out."""
    found = {}
    for name, value in _SAMPLE.findall(text):
        try:
            number = float(value)
        except ValueError:
            continue  # not a sample of this format: the metrics' own check names it
        if 0 <= number < 2**63:
            found[name] = number
    return found


def _bounded(answer: httpx.Response) -> str:
    data, until = b"", time.monotonic() + _PATIENCE
    for part in answer.iter_raw():
        data += part
        if len(data) > _MOST_BYTES or time.monotonic() > until:
            break
    return data.decode("utf-8", "replace")
