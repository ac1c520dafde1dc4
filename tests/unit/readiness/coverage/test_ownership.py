"""What belongs to a language, and what is a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.ownership import LANGUAGES, is_test, language, own_sources


@pytest.mark.parametrize(
    "path", ["tests/a.py", "src/test/java/A.java", "a/test_b.py", "b_test.go", "x.spec.ts", "x.test.js"]
)
def test_tests_are_known_by_folder_or_name(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path", ["contest/a.py", "latest.py", "attest.go", "testing.py", "specification.ts", "tests"]
)
def test_names_that_only_sound_like_tests_are_none(path: str) -> None:
    assert not is_test(path)


def test_the_suffix_tells_the_language_in_any_case() -> None:
    assert language("a/B.PY") == frozenset({".py"})
    assert language("main.go") == frozenset({".go"})
    assert language("Makefile") == language("a.h") == language(".bashrc") == language("x.d.ts") == frozenset()


def test_no_suffix_belongs_to_two_languages() -> None:
    assert sum(map(len, LANGUAGES)) == len(frozenset().union(*LANGUAGES))


@given(st.lists(st.text(max_size=20)))
def test_reporting_more_never_shrinks_what_is_demanded(paths: list[str]) -> None:
    for suffixes in LANGUAGES:
        assert own_sources(paths, suffixes, frozenset()) <= own_sources(paths, suffixes, frozenset(paths))
