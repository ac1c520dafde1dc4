"""Each item becomes one piece of evidence: measured, skipped or errored."""

import time
from pathlib import Path

import pytest

from battery.errors import StoreError
from battery.model.event import AnyEvent, CheckFinished, CheckProgress, CheckStarted
from battery.runner.session import run_checks
from tests.fakes.checks import plan_for, run_again, run_files, run_one, write_checks


def test_a_check_that_measures_is_measured(tmp_path: Path) -> None:
    evidence, ran = run_one(tmp_path, "def check_it(record):\n    record.measure('coverage.line', 95, n=10)")
    assert evidence.check == "it.it"
    assert (evidence.status, evidence.reason) == ("measured", "")
    assert [(m.name, m.value, m.n) for m in evidence.measures] == [("coverage.line", 95.0, 10)]
    assert evidence.plan == ran.folder.digest()
    assert evidence.gates == ("G1",)


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("pytest.skip('no report: run the tests')", "skipped", "no report: run the tests"),
        ("pytest.skip()", "skipped", "the check gave no reason"),
        ("pytest.skip('two\\n  lines')", "skipped", "two lines"),
        ("pytest.xfail('known')", "skipped", "expected to fail: known"),
        ("raise ValueError('broken pipe')", "errored", "ValueError: broken pipe (traceback: blobs/"),
        ("raise ValueError('two\\nlines')", "errored", "ValueError: two (traceback: blobs/"),
        ("assert 1 == 2, 'they differ'", "errored", "AssertionError: they differ"),
        ("raise OSError(2, 'x') from ValueError('first')", "errored", "FileNotFoundError: [Errno 2] x"),
        ("raise ExceptionGroup('two', [ValueError(1), ValueError(2)])", "errored", "ExceptionGroup: two"),
        ("sys.exit(0)", "errored", "SystemExit: 0"),
        ("os._exit(0)", "errored", "called os._exit(0), which would have ended the run"),
        ("pytest.exit('stop it', 0)", "errored", "called pytest.exit('stop it'), which would have ended"),
        ("pass", "errored", "the check ended without recording a measure or a proof"),
        ("record.fact('a', 'b')", "errored", "the check ended without recording a measure or a proof"),
        ("record.measure('No Name', 1)", "errored", "ValueError: Measurement: Expected `str` matching regex"),
        ("record.measure('coverage.line', float('nan'))", "errored", "ValueError: coverage.line: nan is not"),
        ("raise ValueError('\\udc80')", "errored", "ValueError: "),
        ("raise ValueError('x' * 5000)", "errored", "ValueError: xxx"),
    ],
)
def test_what_a_check_does_decides_its_status(tmp_path: Path, body: str, status: str, reason: str) -> None:
    evidence, _ = run_one(tmp_path, f"def check_it(record):\n    {body}")
    assert (evidence.status, evidence.reason[: len(reason)]) == (status, reason)
    assert "\n" not in evidence.reason
    assert len(evidence.reason) < 420
    assert evidence.measures == ()
    assert [blob.name for blob in evidence.blobs] == (
        ["traceback"] if "traceback:" in evidence.reason else []
    )


def test_the_traceback_of_an_error_is_kept_as_a_blob(tmp_path: Path) -> None:
    _, ran = run_one(tmp_path, "def check_it(record):\n    raise ValueError('broken')")
    assert "raise ValueError('broken')" in ran.blob("it.it", "traceback")


def test_what_was_measured_before_an_error_is_kept_and_the_status_stays_errored(tmp_path: Path) -> None:
    evidence, _ = run_one(
        tmp_path, "def check_it(record):\n    record.measure('coverage.line', 99)\n    raise ValueError"
    )
    assert evidence.status == "errored"
    assert len(evidence.measures) == 1


@pytest.mark.parametrize(
    ("fixture", "reason"),
    [
        ("raise ValueError('cannot begin')\n    yield", "ValueError: cannot begin"),
        ("yield\n    raise ValueError('cannot undo')", "ValueError: cannot undo"),
        ("pytest.skip('nothing to attack')\n    yield", "nothing to attack"),
        ("os._exit(0)\n    yield", "called os._exit(0)"),
        ("yield\n    sys.exit(0)", "SystemExit: 0"),
    ],
)
def test_a_fixture_that_fails_fails_its_check(tmp_path: Path, fixture: str, reason: str) -> None:
    text = f"@pytest.fixture\ndef prepared():\n    {fixture}\ndef check_it(prepared, record):\n    record.measure('coverage.line', 95)"
    evidence, _ = run_one(tmp_path, text)
    assert evidence.status == ("skipped" if "nothing" in reason else "errored")
    assert evidence.reason.startswith(reason)


def test_a_fixture_that_does_not_exist_is_named(tmp_path: Path) -> None:
    evidence, _ = run_one(tmp_path, "def check_it(recrod):\n    pass")
    assert evidence.reason.startswith("fixture 'recrod' not found")


def test_marks_of_pytest_that_hide_a_check_are_told(tmp_path: Path) -> None:
    ran = run_files(
        tmp_path,
        it="""
        @pytest.mark.skip(reason="tomorrow")
        def check_left_out(record): record.measure('coverage.line', 95)

        @pytest.mark.xfail(reason="always")
        def check_expected(record): raise ValueError("no")

        @pytest.mark.xfail(strict=True)
        def check_surprise(record): record.measure('coverage.line', 95)
        """,
    )
    told = {name: (item.status, item.reason.partition(" (")[0]) for name, item in ran.evidence.items()}
    assert told["it.left_out"] == ("skipped", "tomorrow")
    assert told["it.expected"] == ("skipped", "expected to fail: always")
    assert told["it.surprise"][0] == "errored"


def test_what_a_check_prints_is_kept_once_and_reaches_no_stream(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = """
    import subprocess
    @pytest.fixture
    def prepared():
        print("from the setup")
        yield
        print("from the teardown", file=sys.stderr)
    def check_it(prepared, record):
        print("from the check \\udc80")
        subprocess.run(["sh", "-c", "echo from a child; echo and its stderr >&2"])
        os.write(1, b"from the descriptor")
        record.measure('coverage.line', 95)
    """
    evidence, ran = run_one(tmp_path, text)
    output = ran.blob("it.it", "output")
    for said in ("the setup", "the check", "a child", "the teardown", "the descriptor"):
        assert output.count(f"from {said}") == 1
    assert "and its stderr" in output
    assert evidence.status == "measured"
    assert capfd.readouterr() == ("", "")


def test_a_flood_of_output_is_cut(tmp_path: Path) -> None:
    _, ran = run_one(
        tmp_path,
        "def check_it(record):\n    print('x' * (5 * 2**20))\n    record.measure('coverage.line', 95)",
    )
    assert len(ran.blob("it.it", "output")) == 4 * 2**20


def test_a_fork_that_comes_back_from_the_check_changes_nothing(tmp_path: Path) -> None:
    text = (
        "def check_it(record):\n    if os.fork(): os.wait()\n    record.measure('coverage.line', os.getpid())"
    )
    evidence, ran = run_one(tmp_path, text)
    assert evidence.status == "measured"
    assert [type(event) for event in ran.events] == [CheckStarted, CheckFinished]


def test_threads_and_processes_of_a_check_end_as_they_do_elsewhere(tmp_path: Path) -> None:
    text = """
    import multiprocessing, threading
    def work(queue): queue.put(95)
    def check_it(record):
        context = multiprocessing.get_context("fork")
        queue = context.SimpleQueue()
        child = context.Process(target=work, args=(queue,)); child.start(); child.join()
        thread = threading.Thread(target=record.measure, args=('coverage.line', queue.get())); thread.start(); thread.join()
        record.fact("exit", str(child.exitcode))
    """
    evidence, _ = run_one(tmp_path, text)
    assert evidence.facts == {"exit": "0"}, evidence.reason
    assert [measure.value for measure in evidence.measures] == [95]


def test_every_parameter_is_a_check_of_its_own(tmp_path: Path) -> None:
    text = "@pytest.mark.parametrize('word', ['a/b', '../x', 'é', ''])\ndef check_it(word, record):\n    record.measure('coverage.line', 95)"
    ran = run_files(tmp_path, it=text)
    assert len(ran.evidence) == 4
    assert {item.status for item in ran.evidence.values()} == {"measured"}
    assert all(path.parent.name == "evidence" for path in ran.folder.path.rglob("it.it*.json"))


def test_events_tell_what_happens_in_order(tmp_path: Path) -> None:
    text = """
    def check_a(record):
        '''The first.'''
        record.progress(0.5, "half")
        record.progress(float("nan"), "who knows")
        record.progress(7, "done")
        record.measure('coverage.line', 95)
    @pytest.mark.limit("5 s")
    def check_b(): pytest.skip("no")
    """
    ran = run_files(tmp_path, it=text)
    assert ran.events == sorted(ran.events, key=lambda event: event.at)
    shown: list[object] = []
    for event in ran.events:
        match event:
            case CheckStarted():
                shown.append((event.number, event.check, event.title, event.limit))
            case CheckProgress():
                shown.append((event.check, event.fraction, event.text))
            case CheckFinished():
                shown.append((event.check, event.status, event.reason, event.measures))
            case _:
                pytest.fail(f"{event} does not belong here")
    assert shown == [
        (1, "it.a", "The first", 60.0),
        ("it.a", 0.5, "half"),
        ("it.a", 0.0, "who knows"),
        ("it.a", 1.0, "done"),
        ("it.a", "measured", "", {"coverage.line": 95.0}),
        (2, "it.b", "it.b", 5.0),
        ("it.b", "skipped", "no", {}),
    ]


@pytest.mark.parametrize("kind", [CheckStarted, CheckProgress, CheckFinished])
def test_a_run_whose_progress_cannot_be_kept_stops_with_the_reason(
    tmp_path: Path, kind: type[AnyEvent]
) -> None:
    folder = write_checks(
        tmp_path / "checks",
        it="def check_a(record):\n    record.progress(0, 'x')\n    record.measure('coverage.line', 95)\ndef check_b(record): pass",
    )
    plan, run = plan_for(folder)
    seen = []

    def full(event: AnyEvent) -> None:
        seen.append(event)
        if isinstance(event, kind):
            raise StoreError("progress.jsonl: cannot be written: No space left on device")

    if kind is CheckProgress:  # the check itself is told, as by any error
        run_checks(plan, run, [folder], full, time.monotonic())
        assert {item.status for item in run.evidence()} == {"errored"}
        return
    with pytest.raises(StoreError, match="No space left"):
        run_checks(plan, run, [folder], full, time.monotonic())
    assert isinstance(seen[-1], kind)
    assert {event.check for event in seen if isinstance(event, CheckStarted)} == {"it.a"}


def test_a_defect_of_the_battery_comes_out_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write_checks(tmp_path / "checks", it="def check_a(record): pass")
    plan, run = plan_for(folder)

    def broken(event: AnyEvent) -> None:
        raise LookupError("a defect")

    with pytest.raises(LookupError, match="a defect"):
        run_checks(plan, run, [folder], broken, time.monotonic())
    assert capfd.readouterr() == ("", "")


def test_a_check_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    folder = write_checks(
        tmp_path / "checks",
        it="""
        import shutil
        from pathlib import Path
        def check_a(record, plan):
            evidence = Path(plan.folder, "artifacts", plan.run, "evidence")
            evidence.rmdir(); evidence.write_text("in the way")
            record.measure('coverage.line', 95)
        def check_b(record): pass
        """,
    )
    plan, run = plan_for(folder)
    with pytest.raises(StoreError, match="cannot be written"):
        run_again(plan, run, folder)
