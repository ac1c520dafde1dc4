"""No check lasts longer than it may, whatever it does."""

import time
from pathlib import Path

import pytest

from battery.model.event import CheckStarted
from tests.fakes.checks import run_files, run_one

LIMIT = "@pytest.mark.limit('200 ms')\n"
OVERRAN = "took longer than its limit of 0."


@pytest.mark.parametrize(
    "body",
    [
        "time.sleep(30)",
        "while True: pass",
        "while True:\n        try: time.sleep(0.01)\n        except Exception: pass",
        "import socket; a, b = socket.socketpair()\n    with a, b: a.recv(1)",
        "import subprocess; subprocess.run(['sleep', '5'])",
        "import threading; threading.Event().wait()",
        "import queue; queue.Queue().get()",
        "import asyncio; asyncio.run(asyncio.sleep(30))",
    ],
)
def test_a_check_that_overruns_is_errored(tmp_path: Path, body: str) -> None:
    began = time.monotonic()
    evidence, ran = run_one(tmp_path, LIMIT + f"def check_it(record):\n    {body}")
    assert evidence.status == "errored"
    assert evidence.reason.startswith(OVERRAN)
    assert time.monotonic() - began < 5
    assert "CheckOverran" in ran.blob("it.it", "traceback")


def test_the_limit_spans_fixtures_and_check_together(tmp_path: Path) -> None:
    text = "@pytest.fixture\ndef slow():\n    time.sleep(30)\n" + LIMIT + "def check_it(slow): pass"
    evidence, _ = run_one(tmp_path, text)
    assert evidence.reason.startswith(OVERRAN)


def test_a_check_that_overran_is_undone_all_the_same(tmp_path: Path) -> None:
    text = (
        "@pytest.fixture\ndef changed(tmp_path_factory, record):\n    yield\n    record.fact('undone', 'yes')\n"
        + LIMIT
        + "def check_it(changed): time.sleep(30)"
    )
    evidence, _ = run_one(tmp_path, text)
    assert evidence.reason.startswith(OVERRAN)
    assert evidence.facts == {"undone": "yes"}


def test_one_that_overran_does_not_touch_the_next(tmp_path: Path) -> None:
    ran = run_files(
        tmp_path,
        it=f"""
        {LIMIT}
        def check_a(record): time.sleep(30)
        def check_b(record): record.measure('coverage.line', 95)
        """.replace("\n        \n", "\n"),
    )
    assert [item.status for item in ran.evidence.values()] == ["errored", "measured"]


def test_after_the_deadline_checks_are_skipped_with_the_reason(tmp_path: Path) -> None:
    ran = run_files(
        tmp_path,
        {"deadline": 3.0},
        it="""
        def check_a(record): time.sleep(30)
        def check_b(record): record.measure('coverage.line', 95)
        def check_c(record): record.measure('coverage.line', 95)
        """,
    )
    told = [(item.status, item.reason.partition(" (")[0]) for item in ran.evidence.values()]
    late = ("skipped", "the run's deadline of 3 s had passed")
    assert told[0][0] == "errored"
    assert told[0][1].startswith("took longer than its limit of ")
    assert told[1:] == [late, late]
    assert [event.limit for event in ran.events if isinstance(event, CheckStarted)][1:] == [0.0, 0.0]
