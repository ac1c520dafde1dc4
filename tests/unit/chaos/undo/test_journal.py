"""The journal of one battery and its replay, without another process."""

import signal
import subprocess
from pathlib import Path

import pytest

from battery.chaos.process.identity import ProcessIdentity, identify, is_stopped, send
from battery.chaos.process.machine import Machine, this_machine
from battery.chaos.undo.journal import Journal
from battery.chaos.undo.journal_file import JournalFile
from battery.chaos.undo.records import Opened, Promised, encode, read
from battery.chaos.undo.replay import replay, replay_left
from battery.chaos.undo.steps import OWN_FILE, ContinueProcess, DeleteFile
from battery.errors import StoreError
from tests.integration.chaos.process.waiting import wait_until

DEAD = Opened(owner=ProcessIdentity(pid=2**31 - 1, create_time=1.0))


def _left(folder: Path, *lines: bytes) -> Path:
    path = folder / "undo-1-abc.jsonl"
    path.write_bytes(encode(DEAD) + b"".join(lines))
    return path


def _own_file(folder: Path, name: str = "x") -> DeleteFile:
    path = folder / f"{OWN_FILE}{name}"
    path.touch()
    return DeleteFile(path=str(path))


def test_a_promise_is_on_disk_when_it_is_made_and_an_empty_journal_leaves_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state")
    number = journal.promise("disk", [_own_file(tmp_path)])
    assert read(journal.path.read_bytes()).outstanding[0].name == "disk"
    journal.kept(number)
    journal.kept(number)
    assert not read(journal.path.read_bytes()).outstanding
    journal.close()
    assert list((tmp_path / "state").iterdir()) == []


def test_a_journal_with_an_open_promise_stays_and_is_for_this_user_only(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.promise("disk", [])
    journal.close()
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_living_owner_keeps_its_journal_to_itself(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    step = _own_file(tmp_path)
    journal.promise("disk", [step])
    assert replay_left(tmp_path) == ()
    assert replay(journal.path, "a test", lock_seconds=0) == ()
    assert Path(step.path).exists()
    journal.close()


def test_a_state_folder_that_cannot_be_written_is_said_and_nothing_is_injected(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="nothing is injected without it"):
        Journal(tmp_path / "file")


def test_the_next_start_undoes_last_first_tells_it_and_clears_up(tmp_path: Path) -> None:
    first, second = _own_file(tmp_path, "1"), _own_file(tmp_path, "2")
    _left(
        tmp_path,
        encode(Promised(number=1, name="disk", steps=(first,))),
        encode(Promised(number=2, name="disk again", steps=(second,))),
        encode(Promised(number=3, name="kill")),
    )
    undone = replay_left(tmp_path)
    assert [str(one) for one in undone] == [
        "kill: nothing of it can be left (undone by this start)",
        f"disk again: {second.path} was deleted (undone by this start)",
        f"disk: {first.path} was deleted (undone by this start)",
    ]
    assert list(tmp_path.iterdir()) == []
    assert replay_left(tmp_path) == ()


def test_a_torn_last_line_is_tolerated_and_cut_off(tmp_path: Path) -> None:
    step = _own_file(tmp_path)
    torn = encode(Promised(number=2, name="never began"))[:-5]
    path = _left(tmp_path, encode(Promised(number=1, name="disk", steps=(step,))), torn)
    (undone,) = replay(path, "the watchdog")
    assert undone.words == f"{step.path} was deleted"
    reading = read(path.read_bytes())
    assert (reading.unreadable, reading.outstanding) == ((), ())


def test_the_next_start_tells_what_the_watchdog_undid(tmp_path: Path) -> None:
    step = _own_file(tmp_path)
    path = _left(tmp_path, encode(Promised(number=1, name="disk", steps=(step,))))
    replay(path, "the watchdog")
    assert [str(one) for one in replay_left(tmp_path)] == [
        f"disk: {step.path} was deleted (undone by the watchdog)"
    ]


def test_what_cannot_be_undone_is_told_and_tried_again_at_the_next_start(tmp_path: Path) -> None:
    strange = DeleteFile(path=str(tmp_path / "data.db"))
    (tmp_path / "data.db").touch()
    path = _left(tmp_path, encode(Promised(number=1, name="disk", steps=(strange,))))
    for _ in range(2):
        (undone,) = replay_left(tmp_path)
        assert str(undone) == (
            f"disk: {strange.path} is not a file of the battery: left alone "
            "(NOT undone by this start; it is tried again at the next start)"
        )
    assert path.exists()
    assert (tmp_path / "data.db").exists()


def test_a_line_that_makes_no_sense_is_told_and_the_rest_is_undone(tmp_path: Path) -> None:
    step = _own_file(tmp_path)
    path = _left(tmp_path, b"garbage\n", encode(Promised(number=1, name="disk", steps=(step,))))
    done, unreadable = replay_left(tmp_path)
    assert done.done
    assert not unreadable.done
    assert f"line 2 of {path} makes no sense" in unreadable.words


def test_a_journal_that_is_gone_is_nothing_to_replay(tmp_path: Path) -> None:
    assert replay(tmp_path / "undo-1-a.jsonl", "a test") == ()
    assert replay_left(tmp_path / "none") == ()


def test_a_journal_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "undo-1-a.jsonl").mkdir()
    (undone,) = replay_left(tmp_path)
    assert "Is a directory" in undone.words
    assert not undone.done


def test_a_line_that_does_not_fit_on_the_disk_leaves_no_half_line(tmp_path: Path) -> None:
    import resource
    import signal

    journal = Journal(tmp_path)
    before = journal.path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
        with pytest.raises(StoreError, match='"disk" is not injected'):
            journal.promise("disk", [_own_file(tmp_path)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert journal.path.read_bytes() == before
    journal.close()


def test_a_lock_is_waited_for_and_goes_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "undo-1-a.jsonl"
    holder, other = JournalFile(path, create=True), JournalFile(path)
    assert holder.lock(0)
    assert not other.lock(0.1)
    holder.close()
    holder.close()
    assert other.lock(5)
    other.close()
    assert path.exists()


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (
            Machine(boot="an earlier start"),
            "the machine has started again since, and no process of then is left",
        ),
        (
            Machine(boot=this_machine().boot, pid_namespace="pid:[1]"),
            "in another container (pid:[1], here pid:[",
        ),
    ],
)
def test_processes_of_another_start_or_container_are_left_alone_and_the_rest_is_undone(
    machine: Machine, words: str, tmp_path: Path
) -> None:
    if not this_machine().pid_namespace:
        pytest.skip("only Linux tells one start from another")
    process = subprocess.Popen(["sleep", "600"])
    one = identify(process.pid)
    assert one is not None
    send(one, signal.SIGSTOP)
    wait_until(lambda: is_stopped(one), "stopped")
    file = _own_file(tmp_path)
    lines = (
        Opened(owner=DEAD.owner, machine=machine),
        Promised(number=1, name="both", steps=(ContinueProcess(process=one), file)),
    )
    (tmp_path / "undo-1-abc.jsonl").write_bytes(b"".join(encode(line) for line in lines))
    try:
        (undone,) = replay_left(tmp_path)
        assert is_stopped(one)
    finally:
        process.kill()
        process.wait()
    assert undone.done
    assert words in undone.words
    assert undone.words.endswith(f"{file.path} was deleted")
    assert list(tmp_path.iterdir()) == []


def test_a_journal_says_on_which_machine_it_was_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.promise("pause", [], 12.5)
    reading = read(journal.path.read_bytes())
    assert reading.machine == this_machine()
    assert reading.promised[0].deadline == 12.5
    journal.close()
