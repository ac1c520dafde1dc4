"""The pool: real workers, which die, fall silent and are ended."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from battery.scan.source.pool import Pool
from battery.scan.source.pool_messages import Answer, Piece, Progress

KEY = b"a key of the tests"


def piece(name: str, content: str, cacheable: bool = True) -> Piece:
    return Piece(name=name, size=len(content), content=content.encode(), cacheable=cacheable)


def run(pool: Pool, pieces: list[Piece], engine: str = "code") -> dict[str, Answer]:
    total = (len(pieces), sum(item.size for item in pieces))
    return {item.name: answer for item, answer in pool.run(engine, pieces, total)}


def bomb() -> str:
    """YAML whose aliases double thirty times: its values never end."""
    levels = "\n".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]" for n in range(30))
    return f"a0: &a0 [x]\n{levels}\n"


def is_gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_every_piece_is_answered_once_whatever_the_number_of_workers() -> None:
    pieces = [piece(f"{n}.py", f"eval({n})\n" if n % 2 else "x = 1\n") for n in range(150)]
    with Pool(workers=3, key=KEY) as pool:
        answers = run(pool, pieces)
    assert len(answers) == 150
    assert sum(len(answer.found) for answer in answers.values()) == 75


def test_no_pieces_start_no_worker() -> None:
    with Pool(workers=2, key=KEY) as pool:
        assert run(pool, []) == {}
        assert pool.pids() == ()


def test_workers_serve_several_engines_and_end_with_the_block() -> None:
    with Pool(workers=1, key=KEY) as pool:
        run(pool, [piece("a.py", "eval(x)\n")])
        first = pool.pids()
        run(pool, [piece("a.env", "DEBUG=1\n")], "configuration")
        assert pool.pids() == first
    assert all(is_gone(pid) for pid in first)


def test_a_worker_that_is_killed_costs_one_piece_which_is_told() -> None:
    pieces = [piece(f"{n}.py", "x = 1\n") for n in range(300)]
    answers: dict[str, Answer] = {}
    with Pool(workers=1, key=KEY) as pool:
        for item, answer in pool.run("code", pieces, (300, 0)):
            if not answers:
                os.kill(pool.pids()[0], signal.SIGKILL)
            answers[item.name] = answer
    lost = [answer.unread for answer in answers.values() if answer.unread]
    assert len(answers) == 300
    assert lost == ["the scanner process ended with signal 9 on it"]


def test_a_worker_that_falls_silent_is_ended_and_the_others_go_on() -> None:
    with Pool(workers=1, key=KEY, patience=1) as pool:
        answers = run(pool, [piece("bomb.yaml", bomb()), piece("b.yaml", "a: b\n")], "secrets")
    assert answers["bomb.yaml"].unread == "took the scanner more than 1 s"
    assert not answers["bomb.yaml"].harmless
    assert answers["b.yaml"].unread == ""


def test_a_file_that_vanished_is_no_harmless_skip(tmp_path: Path) -> None:
    with Pool(workers=1, key=KEY) as pool:
        answers = run(pool, [Piece(name="gone.py", size=1, file=str(tmp_path / "gone.py"))])
    assert answers["gone.py"] == Answer(unread="cannot be read: No such file or directory", harmless=False)


def test_an_engine_that_fails_says_so_for_each_piece() -> None:
    with Pool(workers=1, key=KEY) as pool:
        answers = run(pool, [piece("a", "x"), piece("b", "x")], "no such engine")
    assert {answer.unread for answer in answers.values()} == {
        "the no such engine scanner failed on it: KeyError",
    }


def test_too_many_deaths_end_the_scan_with_reasons() -> None:
    pieces = [piece(f"{n}.py", "#\n" * 150_000) for n in range(12)]

    def kill(_: Progress) -> None:
        for pid in pool.pids():
            os.kill(pid, signal.SIGKILL)

    with Pool(workers=1, key=KEY, on_progress=kill, most_deaths=2) as pool:
        answers = run(pool, pieces)
    reasons = [answer.unread for answer in answers.values() if answer.unread]
    assert len(answers) == 12
    assert reasons[:2] == ["the scanner process ended with signal 9 on it"] * 2
    assert set(reasons[2:]) == {"2 scanner processes died; no other is started"}
    assert not any(answer.harmless for answer in answers.values())


def test_the_cache_answers_without_a_worker_and_canaries_never_come_from_it(tmp_path: Path) -> None:
    pieces = [piece("a.py", "eval(x)\n")]
    with Pool(workers=1, key=KEY, cache=tmp_path) as pool:
        first = run(pool, pieces)
    with Pool(workers=1, key=KEY, cache=tmp_path) as pool:
        assert run(pool, pieces) == first
        assert pool.pids() == ()
        run(pool, [piece("a.py", "eval(x)\n", cacheable=False)])
        assert len(pool.pids()) == 1


def test_a_cache_that_cannot_be_kept_is_trouble_not_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Pool(workers=1, key=KEY, cache=tmp_path / "file") as pool:
        assert run(pool, [piece("a.py", "x = 1\n")])["a.py"].unread == ""
        assert "everything is scanned again" in pool.trouble[0] or "from nothing" in pool.trouble[0]


def test_progress_counts_files_and_bytes() -> None:
    told: list[Progress] = []
    with Pool(workers=1, key=KEY, on_progress=told.append) as pool:
        run(pool, [piece("a.py", "x = 1\n"), piece("b.py", "y = 22\n")])
    assert told[-1] == Progress(engine="code", files=2, all_files=2, size=13, all_size=13)


def test_a_caller_that_goes_away_leaves_no_answers_to_the_next() -> None:
    with Pool(workers=1, key=KEY) as pool:
        scan = pool.run("code", [piece(f"{n}.py", "eval(x)\n") for n in range(200)], (200, 0))
        next(scan)
        scan.close()  # type: ignore[attr-defined]
        assert set(run(pool, [piece("z.py", "x = 1\n")])) == {"z.py"}


def test_an_interrupt_ends_every_worker() -> None:
    pids: tuple[int, ...] = ()

    def interrupted() -> None:
        nonlocal pids
        with Pool(workers=2, key=KEY) as pool:
            for _ in pool.run("code", [piece(f"{n}.py", "eval(x)\n") for n in range(400)], (400, 0)):
                pids = pool.pids()
                signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert pids
    until = time.monotonic() + 10
    while not all(is_gone(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.01)
    assert all(is_gone(pid) for pid in pids)
