"""Dependency addresses in the target's command and environment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.process.placeholders import fill, fill_command, fill_environment
from battery.errors import DefinitionError, UsageError

ADDRESSES = {"db": "127.0.0.1:7001", "cache.eu": "[::1]:7002"}


def test_a_dependency_becomes_its_address() -> None:
    env = {"DATABASE_URL": "postgresql://u@{dependency.db}/app"}
    assert fill_environment(env, ADDRESSES, {}) == {"DATABASE_URL": "postgresql://u@127.0.0.1:7001/app"}


def test_host_and_port_can_be_had_apart_also_of_a_name_with_a_dot() -> None:
    words = ("app", "--host={dependency.cache.eu.host}", "--port={dependency.cache.eu.port}")
    assert fill_command(words, ADDRESSES) == ("app", "--host=::1", "--port=7002")


def test_an_unknown_dependency_is_named_with_the_variable_and_those_that_are_known() -> None:
    with pytest.raises(DefinitionError) as caught:
        fill_environment({"URL": "x{dependency.dbb}"}, ADDRESSES, {})
    assert str(caught.value) == (
        'battery.toml: process.env.URL: "{dependency.dbb}" names no dependency '
        "(dependencies with an address: cache.eu, db)"
    )


def test_without_any_dependency_the_error_says_none() -> None:
    with pytest.raises(DefinitionError, match="with an address: none"):
        fill("{dependency.db}", {})


def test_an_environment_reference_is_resolved_before_its_placeholders() -> None:
    filled = fill_environment({"URL": "env:TEMPLATE"}, ADDRESSES, {"TEMPLATE": "pg://{dependency.db}"})
    assert filled == {"URL": "pg://127.0.0.1:7001"}
    with pytest.raises(UsageError, match="TEMPLATE"):
        fill_environment({"URL": "env:TEMPLATE"}, ADDRESSES, {})


@given(st.text().filter(lambda text: "{dependency." not in text))
def test_a_text_without_placeholders_stays_as_it_is(text: str) -> None:
    assert fill(text, ADDRESSES) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_only_the_placeholder_changes(before: str, after: str) -> None:
    if "{dependency." not in before + after:
        assert fill(before + "{dependency.db}" + after, ADDRESSES) == before + "127.0.0.1:7001" + after
