"""Signals in the middle of a check, and checks that do not let themselves be stopped."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest

from battery.model.event import AnyEvent, CheckFinished, RunFinished, RunStarted
from battery.model.evidence import Evidence
from battery.store import RunFolder
from tests.fakes.checks import write_checks
from tests.fakes.commands import finished, run, start
from tests.fakes.ended import all_end

SUBJECT = f"app@sha256:{'a' * 64}"
CERTIFY = ("certify", "--only", "readiness", "--subject", SUBJECT)
BLOCKS = """
pytestmark = [pytest.mark.gate("G1"), pytest.mark.instrument("readiness")]
def check_a(record): record.measure("coverage.line", 95)
def check_b(record):
    with open("began", "a") as file: file.write("x")
    while not os.path.exists("go on"): BLOCK
    record.measure("coverage.line", 95)
def check_c(record): record.measure("coverage.line", 95)
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    assert run("keygen", cwd=tmp_path).code == 0
    (tmp_path / "battery.toml").write_text(
        '[target]\nurl = "http://127.0.0.1:1"\n[checks]\nfolders = ["own"]\n'
    )
    return tmp_path


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def evidence(here: Path) -> dict[str, Evidence]:
    return {item.check: item for item in RunFolder.open(here / "artifacts/latest").evidence()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "block", ["time.sleep(0.01)", "pass", "pair = __import__('socket').socketpair(); pair[0].recv(1)"]
)
def test_a_signal_in_a_check_leaves_a_run_that_can_be_resumed(here: Path, number: int, block: str) -> None:
    write_checks(here / "own", it=BLOCKS.replace("BLOCK", block))
    with start(*CERTIFY, "--json", cwd=here) as process:
        wait_for((here / "began").exists, process)
        process.send_signal(number)
        said = finished(process)
    assert said.code == 130
    assert said.json["exit"] == 130
    assert "--resume" in said.last
    assert not (here / "artifacts/latest/certificate.json").exists()
    measured = {name for name, item in evidence(here).items() if item.status == "measured"}
    assert measured == {"target.before", "it.a"}

    (here / "go on").touch()
    resumed = run("certify", "--resume", "artifacts/latest", "--json", cwd=here)
    assert resumed.code == 1, resumed.err  # the target does not answer
    assert {item.status for name, item in evidence(here).items() if name.startswith("it.")} == {"measured"}
    assert (here / "began").read_text() == "xx"
    lines = (here / "artifacts/latest/progress.jsonl").read_bytes().splitlines()
    events = [msgspec.json.decode(line, type=AnyEvent) for line in lines]
    assert [event.resumed for event in events if isinstance(event, RunStarted)] == [0, 2]
    assert isinstance(events[-1], RunFinished)
    finished_checks = [event.check for event in events if isinstance(event, CheckFinished)]
    assert finished_checks.count("it.a") == finished_checks.count("it.b") == 1


def test_a_check_that_swallows_every_interruption_ends_the_run_with_the_reason(here: Path) -> None:
    text = BLOCKS.replace("BLOCK", "\n        try: time.sleep(60)\n        except: pass").replace(
        "def check_b", "@pytest.mark.limit('100 ms')\ndef check_b"
    )
    write_checks(here / "own", it=text)
    said = run(*CERTIFY, cwd=here)
    assert said.code == 2
    assert "it swallowed every interruption after its limit" in said.last
    assert evidence(here)["it.b"].status == "errored"
    assert not (here / "artifacts/latest/certificate.json").exists()
    (here / "go on").touch()
    assert run("certify", "--resume", "artifacts/latest", cwd=here).code == 1


def test_a_thread_that_never_ends_does_not_keep_the_battery(here: Path) -> None:
    text = """
    import threading
    pytestmark = [pytest.mark.gate("G1"), pytest.mark.instrument("readiness")]
    def check_a(record):
        threading.Thread(target=threading.Event().wait).start()
        record.measure("coverage.line", 95)
    """
    write_checks(here / "own", it=text)
    began = time.monotonic()
    said = run(*CERTIFY, "--json", cwd=here)
    assert (said.code, said.json["exit"]) == (1, 1)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_target_of_a_demo_ends_with_the_battery(tmp_path: Path, number: int) -> None:
    began = tmp_path / "artifacts/latest/progress.jsonl"
    with start("certify", "--demo", cwd=tmp_path) as process:
        wait_for(lambda: began.exists() and b"check-started" in began.read_bytes(), process)
        children = [
            child
            for child in psutil.Process(process.pid).children()
            if "battery.reference" in child.cmdline()
        ]
        process.send_signal(number)
        said = finished(process)
    assert len(children) == 1
    assert all_end(children, 20)
    assert said.code == (130 if number == signal.SIGINT else -number)
    assert not (tmp_path / "artifacts/latest/certificate.json").exists()
    if number == signal.SIGINT:
        assert "start another with: battery certify --demo" in said.last


def test_a_battery_inside_pytest_inside_a_battery_works(here: Path) -> None:
    (here / "inner").mkdir()
    write_checks(
        here / "own",
        it="""
        pytestmark = [pytest.mark.gate("G1"), pytest.mark.instrument("readiness")]
        def check_a(record, capsys):
            from battery.cli import main
            assert main(["certify", "--baseline", "--out", "inner/artifacts"]) == 0
            record.fact("heard", capsys.readouterr().err[-80:])
            record.measure("coverage.line", 95)
        """,
    )
    run(*CERTIFY, cwd=here)
    item = evidence(here)["it.a"]
    assert item.status == "measured", item.reason
    assert "--accept-baseline" in item.facts["heard"]
    assert (here / "inner/artifacts/latest/certificate.json").is_file()


def test_a_hostile_folder_changes_nothing_of_a_whole_process(here: Path) -> None:
    write_checks(here / "own", it=BLOCKS.replace("BLOCK", "pass"))
    (here / "go on").touch()
    for place in (here, here / "own"):
        (place / "conftest.py").write_text("raise SystemExit(3)")
        (place / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
        (place / "pyproject.toml").write_text("[tool.pytest.ini_options]\npython_files = 'x'\n")
    hostile = {
        "PYTEST_ADDOPTS": "--no-such-option",
        "PYTEST_PLUGINS": "conftest",
        "PYTHONSTARTUP": "conftest.py",
    }
    said = run(*CERTIFY, cwd=here, **hostile)
    assert said.code == 1, said.err
    assert evidence(here)["it.b"].status == "measured"
