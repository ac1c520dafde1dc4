"""The undo stack with a real journal and a real watchdog."""

import http.server
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from battery.chaos.faults.interface import FaultRefused
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.faults.null import NullFault
from battery.chaos.faults.pause import Pause
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify, is_alive, is_stopped
from battery.chaos.undo.leash import Leash
from battery.chaos.undo.outcome import UndoFailed, WatchdogFailed
from battery.chaos.undo.proxy_api import delete_proxy, enable_proxy, remove_toxic
from battery.chaos.undo.stack import UndoStack
from battery.chaos.undo.steps import OWN_FILE, DeleteFile
from battery.errors import BatteryError, TargetUnreachable
from tests.integration.chaos.process.sleeper import sleeper
from tests.integration.chaos.process.waiting import wait_until
from tests.unit.chaos.faults.fake_proxies import FakeProxies


class Recorder(NullFault):
    """A fault that says when it is removed; `failing` tells where it fails."""

    def __init__(self, name: str, removed: list[str], *, failing: str = "") -> None:
        super().__init__()
        self.name = name
        self._removed, self._failing = removed, failing

    def inject(self) -> None:
        if self._failing == "inject":
            raise TargetUnreachable("half-way")

    def remove(self) -> None:
        if self._failing == "remove":
            raise TargetUnreachable("no answer")
        self._removed.append(self.name)


def _interrupted(state: Path, removed: list[str]) -> None:
    with UndoStack(state) as stack:
        _, second, _ = [stack.inject(Recorder(name, removed)) for name in ("a", "b", "c")]
        stack.remove(second)
        raise KeyboardInterrupt


def test_what_is_left_is_removed_last_first_when_the_block_ends_however_it_ends(tmp_path: Path) -> None:
    removed: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path, removed)
    assert removed == ["b", "c", "a"]
    assert list(tmp_path.iterdir()) == []


def test_a_fault_that_fails_half_way_is_removed_at_once(tmp_path: Path) -> None:
    removed: list[str] = []
    with UndoStack(tmp_path) as stack:
        with pytest.raises(TargetUnreachable, match="half-way"):
            stack.inject(Recorder("a", removed, failing="inject"))
        assert removed == ["a"]
    assert removed == ["a"]


def test_a_fault_with_an_obstacle_is_neither_promised_nor_injected(tmp_path: Path) -> None:
    process = GivenProcess(identity=identify(os.getppid()), given="named by mistake")
    with UndoStack(tmp_path) as stack:
        with pytest.raises(FaultRefused, match=r"pause: process .* is the battery itself or started it"):
            stack.inject(Pause(process))
        (journal,) = tmp_path.iterdir()
        assert b"promised" not in journal.read_bytes()


def test_what_cannot_be_removed_stays_promised_and_is_said(tmp_path: Path) -> None:
    with ExitStack() as exits:
        exits.enter_context(pytest.raises(UndoFailed, match="not put back: a: no answer; the next start"))
        stack = exits.enter_context(UndoStack(tmp_path))
        number = stack.inject(Recorder("a", [], failing="remove"))
        with pytest.raises(UndoFailed, match="a is not put back: no answer"):
            stack.remove(number)


def test_faults_that_still_stand_are_tried_again_and_what_runs_for_the_run_stays(tmp_path: Path) -> None:
    removed: list[str] = []
    with UndoStack(tmp_path) as stack:
        stack.promise("the target", [], lambda: removed.append("the target"))
        fault = Recorder("a", removed, failing="remove")
        number = stack.inject(fault)
        with pytest.raises(UndoFailed, match="a is not put back"):
            stack.remove(number)
        assert stack.standing() == ("a: no answer",)
        fault._failing = ""
        assert stack.standing() == ()
        assert removed == ["a"]
    assert removed == ["a", "the target"]


def test_an_undo_that_fails_as_nobody_foresaw_keeps_no_other_from_being_done(tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    removed: list[str] = []
    with ExitStack() as exits:
        exits.enter_context(pytest.raises(UndoFailed, match="not put back: b: ZeroDivisionError"))
        stack = exits.enter_context(UndoStack(tmp_path))
        stack.inject(Recorder("a", removed))
        stack.promise("b", [], fail)
    assert removed == ["a"]


def test_where_the_client_fails_the_steps_of_the_journal_are_performed(tmp_path: Path) -> None:
    proxies = FakeProxies()
    with UndoStack(tmp_path) as stack:
        stack.inject(NetworkToxic(proxies, "db", "noop", {}))
        proxies.down = True
    # Nobody listens at the fake's address: its toxics are gone with it.
    assert list(tmp_path.iterdir()) == []


def test_a_promise_without_a_way_of_its_own_is_kept_by_its_steps(tmp_path: Path) -> None:
    file = tmp_path / f"{OWN_FILE}x"
    file.touch()
    with UndoStack(tmp_path / "state") as stack:
        stack.promise("file", [DeleteFile(path=str(file))])
    assert not file.exists()


def test_a_watchdog_that_was_killed_is_replaced_before_the_next_fault(tmp_path: Path) -> None:
    with sleeper() as process, UndoStack(tmp_path) as stack:
        first = identify(stack.watchdog)
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(first), "killed")
        stack.inject(Pause(process))
        assert stack.watchdog not in (0, first.pid)
        wait_until(lambda: is_stopped(process.one), "stopped")
    assert not is_stopped(process.one)


def test_a_watchdog_that_ended_after_the_last_look_is_replaced_when_it_is_told_of_a_promise(
    tmp_path: Path,
) -> None:
    with UndoStack(tmp_path) as stack:
        first = identify(stack.watchdog)
        assert first is not None
        assert stack._leash is not None
        os.kill(first.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(first), "killed")
        stack._leash.nudge()
        assert stack.watchdog not in (0, first.pid)


def test_a_stack_that_is_not_open_promises_nothing(tmp_path: Path) -> None:
    stack = UndoStack(tmp_path)
    assert stack.watchdog == 0
    with pytest.raises(UndoFailed, match="the undo stack is not open"):
        stack.promise("a", [])
    assert stack.unwind() == ()


def test_without_a_watchdog_nothing_is_injected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(WatchdogFailed, match=r"it ended with 1|not ready"), UndoStack(tmp_path):
        pytest.fail("opened")
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(WatchdogFailed, match="No such file"):
        Leash(tmp_path / "journal").ensure()


@contextmanager
def _api(status: int) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked.append(f"{self.command} {self.path} {self.rfile.read(length).decode()}")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"said so")

        do_DELETE = do_POST = _answer  # noqa: N815 -- the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name there
            """Stay silent."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_only_the_named_toxic_and_proxy_are_asked_for_with_their_names_escaped() -> None:
    with _api(200) as (url, asked):
        assert remove_toxic(url, "my db/1", "a?b").done
        assert enable_proxy(f"{url}/", "my db").done
        assert delete_proxy(url, "my db").done
    assert asked == [
        "DELETE /proxies/my%20db%2F1/toxics/a%3Fb ",
        'POST /proxies/my%20db {"enabled": true}',
        "DELETE /proxies/my%20db ",
    ]


@pytest.mark.parametrize(
    ("status", "done", "words"), [(404, True, "was gone already"), (500, False, "answered 500 said so")]
)
def test_what_the_server_says_is_told(status: int, done: bool, words: str) -> None:
    with _api(status) as (url, _):
        outcome = remove_toxic(url, "db", "slow")
    assert outcome.done == done
    assert words in outcome.words


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "http://[::", "https://127.0.0.1:{port}"])
def test_a_server_that_gives_no_answer_leaves_it_undone(url: str) -> None:
    with _api(200) as (real, _):
        outcome = enable_proxy(url.replace("{port}", real.rpartition(":")[2]), "db")
    assert not outcome.done
    assert "gave no answer" in outcome.words


def test_the_errors_are_the_batterys() -> None:
    assert issubclass(UndoFailed, BatteryError)
    assert UndoFailed.exit_code == WatchdogFailed.exit_code == FaultRefused.exit_code == 2
