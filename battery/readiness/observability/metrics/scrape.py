"""One scrape of the target's metrics path, read no further than a body may be large."""

import time

import httpx

from battery.model.frozen import Frozen
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.reading import LARGEST, read_exposition

CLASSIC = "text/plain;version=0.0.4"
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
_SECONDS = 30.0


class Scrape(Frozen, frozen=True, kw_only=True):
    """What came: at most one byte more than is read of an exposition."""

    status: int
    content_type: str
    data: bytes
    milliseconds: float

    def read(self) -> Exposition:
        """The exposition.

        Raises: ExpositionUnreadable, also where the answer was no success.
        """
        if self.status != httpx.codes.OK:
            raise ExpositionUnreadable(f"the metrics path answers HTTP {self.status}")
        return read_exposition(self.data, self.content_type)


def scrape(http: httpx.Client, path: str, accept: str = CLASSIC, *, largest: int = LARGEST) -> Scrape:
    """Ask once.

    Raises: ExpositionUnreadable when no whole answer comes.
    """
    began = time.monotonic()
    try:
        with http.stream("GET", path, headers={"Accept": accept}, timeout=_SECONDS) as answer:
            data = bytearray()
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > largest:
                    break
                if time.monotonic() - began > _SECONDS:
                    raise ExpositionUnreadable(f"the answer was not whole after {_SECONDS:g} s")
    except httpx.RequestError as error:
        raise ExpositionUnreadable(f"the metrics path gave no answer: {type(error).__name__}") from error
    return Scrape(
        status=answer.status_code,
        content_type=answer.headers.get("content-type", ""),
        data=bytes(data[: largest + 1]),
        milliseconds=1000 * (time.monotonic() - began),
    )
