"""The log."""

import json
import logging
from pathlib import Path

import pytest

from battery.reference.log import logging_to


def test_each_line_is_an_object_with_its_fields(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with logging_to(file):
        logging.getLogger("battery.reference.x").info("said %s", "so", extra={"fields": {"status": 200}})
    line = json.loads(file.read_text())
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "message": "said so", "status": 200}


def test_a_trace_stays_inside_its_line(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with logging_to(file):
        try:
            raise RuntimeError("inside")
        except RuntimeError:
            logging.getLogger("uvicorn.error").exception("failed")
    [line] = file.read_text().splitlines()
    assert "RuntimeError: inside" in json.loads(line)["trace"]


def test_without_a_file_lines_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(None):
        logging.getLogger("battery.reference").info("here")
    assert json.loads(capsys.readouterr().err)["message"] == "here"


def test_logging_is_as_before_afterwards(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)
    with logging_to(tmp_path / "log"):
        assert logging.getLogger().handlers != before
    assert logging.getLogger().handlers == before


def test_a_log_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"), logging_to(tmp_path / "gone" / "log"):
        pass
