"""Which format a scrape is in, and its families."""

from battery.readiness.observability.metrics.classic import read_classic
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.openmetrics import read_openmetrics

LARGEST = 16 * 2**20
_OPENMETRICS = "application/openmetrics-text"


def read_exposition(data: bytes, content_type: str = "", *, largest: int = LARGEST) -> Exposition:
    """The exposition in the body of an answer.

    Raises: ExpositionUnreadable for what is empty, too large, malformed or no exposition at all.
    """
    if len(data) > largest:
        raise ExpositionUnreadable(f"{len(data)} bytes, at most {largest} are read; cut labels that explode")
    text = _text(data)
    head = text.lstrip()[:1]
    if not head:
        raise ExpositionUnreadable("it is empty")
    if head in "<{[":
        raise ExpositionUnreadable(f"it begins with {head!r}: a page or JSON, not metrics", line=1)
    open_metrics = content_type.strip().lower().startswith(_OPENMETRICS) or text.rstrip().endswith("\n# EOF")
    exposition = read_openmetrics(text) if open_metrics else read_classic(text)
    if not any(family.samples for family in exposition.families):
        raise ExpositionUnreadable("it holds no series")
    return exposition


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ExpositionUnreadable("not UTF-8 text", line=line) from error
