"""The result table: a row for each stage and endpoint, read back from the stages blob that the evidence keeps."""

from typing import Any

import msgspec

from battery.load.histogram import LatencyHistogram
from battery.model.frozen import Frozen


class Row(Frozen, frozen=True, kw_only=True):
    """One endpoint in one stage; latencies in ms, None where nothing was answered."""

    profile: str
    stage: str
    endpoint: str
    counted: bool
    sent: int
    failed: int
    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    errors: dict[str, int]


def rows_of(stages: bytes) -> tuple[Row, ...]:
    """The rows of one profile's stages blob."""
    found = msgspec.json.decode(stages)
    return tuple(_row(found["profile"], cell) for cell in found["cells"])


def _row(profile: str, cell: dict[str, Any]) -> Row:
    response = LatencyHistogram.decoded(cell["response"].encode())
    p50, p90, p99, p999 = (
        response.quantile(q).value if response.count else None for q in (0.5, 0.9, 0.99, 0.999)
    )
    return Row(
        profile=profile,
        stage=cell["stage"],
        endpoint=cell["endpoint"],
        counted=cell["counted"],
        sent=cell["counts"].get("sent", 0),
        failed=cell["counts"].get("failed", 0),
        p50=p50,
        p90=p90,
        p99=p99,
        p999=p999,
        errors=cell["errors"],
    )
