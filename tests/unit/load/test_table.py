"""The load table for a person."""

import io

from battery.load.table import Row
from battery.report.load_table import render_rows


def test_errors_are_told_by_kind_in_words() -> None:
    errors = {"status": 2, "exception": 12, "timeout": 1}
    row = Row(
        profile="P1", stage="steady", endpoint="GET /cart", counted=True, sent=60, failed=15, p50=1.0, p90=2.0, p99=3.0,
        p999=None, errors=errors,
    )  # fmt: skip
    stream = io.StringIO()
    render_rows([row], stream)
    assert (
        stream.getvalue().splitlines()[1].endswith("none  12 raised an exception, 2 wrong status, 1 timeout")
    )
