import io
from collections.abc import Callable

import msgspec
import pytest

from battery.errors import StoreError
from battery.model.event import AnyEvent, CheckProgress
from battery.report.json_lines import JsonLinesProgress

Tell = Callable[..., list[AnyEvent]]


def test_each_line_reads_back_as_its_event(tell: Tell) -> None:
    file = io.BytesIO()
    renderer = JsonLinesProgress(file)
    for event in tell():
        renderer(event)
    renderer.close()
    lines = file.getvalue().splitlines()
    assert [msgspec.json.decode(line, type=AnyEvent) for line in lines] == tell()


def test_text_that_is_no_unicode_is_replaced_not_lost() -> None:
    file = io.BytesIO()
    JsonLinesProgress(file)(CheckProgress(at=1.0, check="c", fraction=0.5, text="caf\udce9 é"))
    assert msgspec.json.decode(file.getvalue(), type=CheckProgress).text == "caf? é"


def test_a_full_disk_is_a_store_error() -> None:
    class Full(io.BytesIO):
        """A file on a full disk."""

        name = "progress.jsonl"

        def write(self, data: object) -> int:
            """As a full disk answers."""
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=r"progress\.jsonl: cannot be written: No space left on device"):
        JsonLinesProgress(Full())(CheckProgress(at=1.0, check="c", fraction=0.5, text=""))
