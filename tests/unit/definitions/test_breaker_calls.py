"""After how many failed calls a breaker opens, in battery.toml."""

import pytest

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.toml_file import parse
from battery.errors import DefinitionError
from battery.model.definition import Definition

DECLARED = '[[dependency]]\nname = "a"\nupstream = "127.0.0.1:1"\n'


def decoded(rest: str) -> Definition:
    found = decode(parse((DECLARED + rest).encode(), "f.toml"), Definition, "f.toml")
    check_definition(found, "f.toml")
    return found


def test_a_number_of_calls_is_kept_and_may_be_left_out() -> None:
    assert decoded("breaker = true\nbreaker_calls = 30").dependency[0].breaker_calls == 30
    assert decoded("breaker = true").dependency[0].breaker_calls is None


def test_a_number_without_a_breaker_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        decoded("breaker_calls = 30")
    assert str(caught.value) == "f.toml: dependency[0].breaker_calls: needs breaker = true beside it"


@pytest.mark.parametrize("number", ["0", "-1", "1001", "1.5", '"5"'])
def test_what_is_no_number_of_calls_is_refused(number: str) -> None:
    with pytest.raises(DefinitionError, match="breaker_calls"):
        decoded(f"breaker = true\nbreaker_calls = {number}")
