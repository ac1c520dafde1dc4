"""The published JSON Schema and the decoder agree, as far as a schema can say it."""

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.schema import battery_toml_schema
from battery.definitions.toml_file import parse
from battery.model.definition import Definition
from tests.fakes.problems import problem_with
from tests.unit.definitions.test_battery_toml import SOUND

SCHEMA = battery_toml_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

words = st.text("abcXYZ 09/.:-_é\n\"'", max_size=12)
names = st.sampled_from(("a", "b-1", "x.y"))
paths = st.sampled_from(("/", "/a", "/a?b=1", "//x", "/a b", "a", "/a\n"))
texts = st.dictionaries(
    st.sampled_from(("Accept", "X", "a b")), st.sampled_from(("x", "env:NAME")), max_size=2
)


def table(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


definitions = table(
    {},
    {
        "target": table(
            {},
            {
                "url": st.sampled_from(("", "http://h")),
                "live": paths,
                "headers": texts,
                "identity": table({"path": paths}, {"json": words}),
            },
        ),
        "endpoint": st.lists(
            table(
                {"name": names | words, "path": paths},
                {
                    "weight": st.integers(-1, 3) | st.just(10**9),
                    "class": st.sampled_from(("light", "heavy", "huge")),
                    "expect": table({}, {"status": st.lists(st.integers(99, 600), max_size=2)}),
                    "headers": texts,
                },
            ),
            max_size=2,
        ),
        "process": table({}, {"command": st.lists(words, max_size=2), "env": texts}),
        "dependency": st.lists(
            table(
                {"name": names, "upstream": st.sampled_from(("h:1", "[::1]:5", "h", "http://h:1", "h:1\n"))},
                {},
            ),
            max_size=2,
        ),
        "bootstrap": table({}, {"command": st.lists(words, max_size=2)}),
        "gates": table(
            {}, {"folder": words, "limit": st.dictionaries(words, st.floats(-1, 101), max_size=2)}
        ),
        "run": table(
            {},
            {
                "intensity": st.sampled_from(("smoke", "full", "max")),
                "deadline": st.sampled_from(("1 h", "5s", "5 parsecs", "", "1 h\n", "٥ s")),
            },
        ),
    },
)
wrong = st.sampled_from((None, 5, "x", True, [1], {"x": 1}, 1.5, "/x"))


def decodes(data: Any) -> bool:
    return not problem_with(lambda: decode(data, Definition, "f.toml"))


def paths_in(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in inner for found in paths_in(value, (*path, key)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def test_the_schema_is_a_schema_and_accepts_a_sound_file() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"] == "battery.toml"
    VALIDATOR.validate(parse(SOUND.encode(), "f"))
    VALIDATOR.validate({})


@settings(deadline=None, max_examples=250)
@given(definitions)
def test_schema_and_decoder_accept_the_same_definitions(data: Any) -> None:
    assert VALIDATOR.is_valid(data) is decodes(data)
    if not problem_with(lambda: check_definition(decode(data, Definition, "f"), "f")):
        assert VALIDATOR.is_valid(data)


@settings(deadline=None, max_examples=250)
@given(st.data(), definitions, wrong)
def test_schema_and_decoder_refuse_the_same_wrong_types(
    data: st.DataObject, definition: Any, value: Any
) -> None:
    path = data.draw(st.sampled_from(paths_in(definition)))
    assume(value is not None)  # TOML has no null
    changed = replaced(definition, path, value)
    assert VALIDATOR.is_valid(changed) is decodes(changed)


@settings(deadline=None)
@given(st.data(), definitions)
def test_schema_and_decoder_refuse_unknown_keys(data: st.DataObject, definition: Any) -> None:
    found = paths_in(definition)
    free = ("headers", "env", "limit")
    tables = [
        path for path in found if not (path and path[-1] in free) and isinstance(at(definition, path), dict)
    ]
    path = data.draw(st.sampled_from(tables))
    changed = replaced(definition, path, {**at(definition, path), "zzz": 1})
    assert not VALIDATOR.is_valid(changed)
    assert not decodes(changed)


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data
