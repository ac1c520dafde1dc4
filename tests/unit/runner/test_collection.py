"""Which checks there are, and what is wrong with those that cannot be read."""

from pathlib import Path

import msgspec
import pytest

from battery.errors import DefinitionError
from battery.runner.collection import ImportGuard, collect_checks
from battery.runner.pytest_call import call_pytest
from tests.fakes.checks import MEASURES, PROFILES, planned, write_checks


def test_a_profile_of_ones_own_gets_an_item_of_its_own() -> None:
    own = msgspec.structs.replace(PROFILES[0], id="Night")
    items = [check for check in collect_checks([], [*PROFILES, own]) if check.profile]
    assert [check.profile for check in items] == ["P1", "P2", "P3", "P4", "P5", "Night"]
    assert items[-1].id.endswith("[Night]")


def test_the_shipped_checks_stand_in_the_order_of_their_marks() -> None:
    checks = collect_checks([], PROFILES)
    assert checks[0].id == "target.before"
    assert checks[-1].id == "target.after"
    assert {check.origin for check in checks} == {"battery"}
    assert all(check.gates and check.title for check in checks)


def test_a_check_tells_its_title_gates_measures_and_limit(tmp_path: Path) -> None:
    [check] = planned(
        write_checks(
            tmp_path,
            speed="""
            @pytest.mark.gate("G2", "G3")
            @pytest.mark.measures("load.p1.p99")
            @pytest.mark.instrument("load")
            @pytest.mark.profile("P1")
            @pytest.mark.limit("2 min")
            def check_tail():
                '''How slow the slow are.

                More words.'''
            """,
        )
    )
    assert (check.id, check.title, check.gates) == ("speed.tail", "How slow the slow are", ("G2", "G3", "G1"))
    assert (check.measures, check.instrument, check.profile) == (("load.p1.p99",), "load", "P1")
    assert (check.limit, check.origin, len(check.sha256)) == (120.0, "user", 64)


def test_a_check_that_says_little_gets_defaults(tmp_path: Path) -> None:
    [check] = planned(write_checks(tmp_path, it="def check_the_thing(): pass"))
    assert (check.id, check.title) == ("it.the_thing", "it.the thing")
    assert (check.instrument, check.limit, check.profile, check.measures) == ("user", 60.0, "", ())


def test_first_and_last_are_places_and_files_keep_their_order_between(tmp_path: Path) -> None:
    text = "@pytest.mark.order('last')\ndef check_a(): pass\ndef check_b(): pass\n@pytest.mark.order('first')\ndef check_c(): pass"
    checks = collect_checks([write_checks(tmp_path, it=text)], PROFILES)
    mine = [check.id for check in checks if check.origin == "user"]
    assert mine == ["it.c", "it.b", "it.a"]


def test_only_functions_named_check_in_files_named_check_count(tmp_path: Path) -> None:
    write_checks(
        tmp_path,
        it="""
        import unittest
        class CheckThis:
            def check_a(self): pass
        class TestThat(unittest.TestCase):
            def test_b(self): pass
        def test_c(): pass
        def check_d(): pass
        """,
    )
    (tmp_path / "test_other.py").write_text("def check_e(): pass")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "check_deep.py").write_text(MEASURES)
    assert [check.id for check in planned(tmp_path)] == ["deep.it", "it.d"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "import nothing_like_this",
            "cannot be imported: ModuleNotFoundError: No module named 'nothing_like",
        ),
        ("def check_it(:", "cannot be imported: SyntaxError: "),
        ("raise ValueError('two\\nlines')", "cannot be imported: ValueError: two lines"),
        ("sys.exit(0)", "cannot be imported: sys.exit: 0"),
        ("os._exit(0)", "cannot be imported: CheckLeft: called os._exit(0)"),
        ("pytest.exit('no', 0)", "cannot be imported: pytest.exit: no"),
        ("pytest.skip('not here', allow_module_level=True)", "skips itself as a whole"),
        ("pytest.importorskip('nothing_like_this')", "skips itself as a whole"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_its_error(
    tmp_path: Path, text: str, problem: str, capfd: pytest.CaptureFixture[str]
) -> None:
    write_checks(tmp_path, bad=text, good="def check_it(): pass")
    with pytest.raises(DefinitionError) as raised:
        collect_checks([tmp_path], PROFILES)
    assert str(raised.value).startswith(f"{tmp_path / 'check_bad.py'}: {problem}")
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "check_latin.py").write_bytes(
        "A = 'gr\u00fc\u00dfe'\ndef check_it(): pass\n".encode("latin-1")
    )
    with pytest.raises(DefinitionError, match=r"check_latin\.py: cannot be imported: SyntaxError"):
        collect_checks([tmp_path], PROFILES)


def test_an_import_that_hangs_is_interrupted(tmp_path: Path) -> None:
    guard = ImportGuard(limit=0.1)
    call_pytest([write_checks(tmp_path, slow="time.sleep(30)")], [guard], "--collect-only")
    assert "CheckOverran: took longer than its limit of 0.1 s" in str(guard.problem)


@pytest.mark.parametrize(
    ("mark", "problem"),
    [
        ("limit('soon')", "'soon' is not a duration"),
        ("limit('0 s')", '"0 s" is no time'),
        ("order('frist')", '"frist" is no place'),
        ("instrument('laod')", '"laod" is none of load, chaos, security, readiness; did you mean "load"?'),
        ("instrument('xyz')", '"xyz" is none of load, chaos, security, readiness'),
    ],
)
def test_a_mark_that_makes_no_sense_is_named(tmp_path: Path, mark: str, problem: str) -> None:
    folder = write_checks(tmp_path, it=f"@pytest.mark.{mark}\ndef check_it(): pass")
    with pytest.raises(DefinitionError) as raised:
        collect_checks([folder], PROFILES)
    assert f"check_it.py: check_it: pytest.mark.{mark.partition('(')[0]}: {problem}" in str(raised.value)


@pytest.mark.parametrize("content", [None, "", "def test_it(): pass"])
def test_a_folder_without_checks_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "check_it.py").write_text(content)
    with pytest.raises(DefinitionError, match=r"checks\.folders: .* holds no check_\* function"):
        collect_checks([tmp_path], PROFILES)


def test_a_folder_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"checks\.folders: .*absent is no folder"):
        collect_checks([tmp_path / "absent"], PROFILES)


def test_a_folder_named_twice_counts_once(tmp_path: Path) -> None:
    write_checks(tmp_path / "inner", it="def check_it(): pass")
    checks = collect_checks([tmp_path, tmp_path / "inner", tmp_path], PROFILES)
    assert [check.id for check in checks if check.origin == "user"] == ["it.it"]


def test_an_interrupt_while_collecting_is_an_interrupt_and_not_an_empty_plan(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        collect_checks([write_checks(tmp_path, it="raise KeyboardInterrupt")], PROFILES)
