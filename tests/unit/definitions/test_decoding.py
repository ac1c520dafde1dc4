"""An error names file, key, value and what was expected, on one line."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.gate_files import LevelsFile, MeasuresFile
from battery.definitions.places import find_place
from battery.definitions.waivers import WaiversFile
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.gate import Gate
from battery.model.policy import Policy
from battery.model.profile import Profile
from tests.fakes.problems import problem_with

ENDPOINT: dict[str, Any] = {"name": "a", "path": "/"}
KINDS: list[type] = [Definition, Gate, Profile, Policy, LevelsFile, MeasuresFile, WaiversFile]


def error_of(data: Any, kind: type = Definition) -> str:
    with pytest.raises(DefinitionError) as caught:
        decode(data, kind, "f.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"targt": {}}, 'f.toml: targt: unknown key (did you mean "target"?)'),
        (
            {"endpoint": [{**ENDPOINT, "expect": {"json": {"ok": True, "": 1}}}]},
            (
                'f.toml: endpoint[0].expect.json: the key "" is not allowed; expected names and numbers between dots, such as '
                '"status" or "items.0.id"'
            ),
        ),
        (
            {"endpoint": [ENDPOINT, {**ENDPOINT, "name": "b", "expect": {"json": {"a..b": 1}}}]},
            (
                'f.toml: endpoint[1].expect.json: the key "a..b" is not allowed; expected names and numbers between dots, such as '
                '"status" or "items.0.id"'
            ),
        ),
        ({"target": {"urll": ""}}, 'f.toml: target.urll: unknown key (did you mean "url"?)'),
        (
            {"endpoint": [{**ENDPOINT, "wieght": 1}]},
            'f.toml: endpoint[0].wieght: unknown key (did you mean "weight"?)',
        ),
        ({"profiles": {"zzz": 1}}, "f.toml: profiles.zzz: unknown key (known keys: folder)"),
        ({"endpoint": [{"name": "a"}]}, "f.toml: endpoint[0].path: is required and missing"),
        ({"target": 5}, "f.toml: target: 5 is not allowed; expected a table"),
        ({"target": {"url": 5.5}}, "f.toml: target.url: 5.5 is not allowed; expected text"),
        ({"target": {"url": True}}, "f.toml: target.url: true is not allowed; expected text"),
        ({"target": {"url": ["x"]}}, "f.toml: target.url: a list is not allowed; expected text"),
        ({"process": [1]}, "f.toml: process: a list is not allowed; expected a table"),
        ({"endpoint": {"name": 1}}, "f.toml: endpoint: a table is not allowed; expected a list"),
        (
            {"target": {"live": "live"}},
            'f.toml: target.live: "live" is not allowed; expected a path that starts with one "/" and holds no space',
        ),
        (
            {"endpoint": [ENDPOINT, {**ENDPOINT, "weight": 0}]},
            "f.toml: endpoint[1].weight: 0 is not allowed; expected a whole number from 1 to 1000000",
        ),
        (
            {"endpoint": [{**ENDPOINT, "weight": 1.5}]},
            "f.toml: endpoint[0].weight: 1.5 is not allowed; expected a whole number from 1 to 1000000",
        ),
        (
            {"endpoint": [{**ENDPOINT, "class": "haevy"}]},
            'f.toml: endpoint[0].class: "haevy" is not allowed; expected one of "heavy", "light" (did you mean "heavy"?)',
        ),
        (
            {"endpoint": [{**ENDPOINT, "expect": {"status": []}}]},
            "f.toml: endpoint[0].expect.status: a list is not allowed; expected a list of at least 1 item",
        ),
        (
            {"run": {"deadline": "5 parsecs"}},
            'f.toml: run.deadline: "5 parsecs" is not allowed; expected a duration such as "500 ms", "5 s", "2 min" or "24h"',
        ),
        (
            {"target": {"headers": {"a.b": "x", "c d": 7}}},
            'f.toml: target.headers."c d": 7 is not allowed; expected text',
        ),
        (
            {"endpoint": [{**ENDPOINT, "headers": {"X": date(2026, 1, 2)}}]},
            "f.toml: endpoint[0].headers.X: 2026-01-02 is not allowed; expected text",
        ),
        (
            {"gates": {"limit": {"G1:x": "y"}}},
            'f.toml: gates.limit."G1:x": "y" is not allowed; expected a number',
        ),
        (
            {"gates": {"limit": {"x": 10**400}}},
            "f.toml: gates.limit.x: a number of more than 38 digits is not allowed; expected a number that fits",
        ),
        (["x"], "f.toml: the file: a list is not allowed; expected a table"),
    ],
)
def test_the_error_says_where_what_and_what_else(data: Any, message: str) -> None:
    assert error_of(data) == message


def test_a_key_that_is_nearly_one_of_the_known_is_told_which() -> None:
    message = error_of({"chaos": {"not_applicable": {"restrat": "no process"}}})
    assert message.startswith(
        'f.toml: chaos.not_applicable: the key "restrat" is not allowed; expected one of '
    )
    assert message.endswith('(did you mean "restart"?)')


def test_a_date_without_time_is_no_instant() -> None:
    waiver = {"owner": "a", "reason": "b", "rule": "G1:c"}
    expected = "expected an instant such as 2030-01-31T12:00:00Z"
    for wrong, shown in ((date(2026, 1, 1), "2026-01-01"), ("soon", '"soon"'), (5.5, "5.5")):
        message = error_of({"waiver": [{**waiver, "expires": wrong}]}, WaiversFile)
        assert message == f"f.toml: waiver[0].expires: {shown} is not allowed; {expected}"


@pytest.mark.parametrize(
    "key", ["a`b", "a\nb", "a.b", "x` - at `$.target", "", "$", "[0]", "\x1b[31m", "k" * 5000]
)
def test_no_key_can_break_the_error(key: str) -> None:
    for data in (
        {key: 1},
        {"target": {key: 1}},
        {"target": {"headers": {key: 1}}},
        {"gates": {"limit": {key: ""}}},
    ):
        message = error_of(data)
        assert message.isprintable()
        assert len(message) < 400


@pytest.mark.parametrize("value", ["a\nb", "\x1b[31mred", "v" * 5000, "\u2028", "ends\n"])
def test_no_value_can_break_the_error(value: str) -> None:
    message = error_of({"target": {"live": value}})
    assert message.isprintable()
    assert len(message) < 300


def test_a_path_that_leads_nowhere_leaves_the_top_of_the_file() -> None:
    data = {"target": 5, "endpoint": [], "gates": {"limit": {"a": 1.0, "b": 2.0}}}
    for path in ("$.target.url", "$.endpoint[7]", "$.gates.limit[...]"):
        message = f"Expected `str` - at `{path}`"
        place = find_place(message, data, Definition)
        assert (place.steps, place.message) == ((), message)


def test_a_nul_is_refused_wherever_it_stands() -> None:
    assert (
        error_of({"process": {"command": ["a", "b\0c"]}})
        == "f.toml: process.command[1]: holds a NUL character"
    )
    assert error_of({"target": {"a\0b": 1}}) == "f.toml: target: holds a key with a NUL character"


def test_a_value_nested_deeper_than_python_recurses_is_still_explained() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50_000):
        deep = {"a": deep}
    assert error_of({"target": {"headers": {"x": deep}}}).endswith("a table is not allowed; expected text")


zones = st.sampled_from((None, UTC))
scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(),
    st.integers(10**300, 10**5000),
    st.floats(),
    st.booleans(),
    st.datetimes(timezones=zones),
    st.dates(),
    st.times(),
)
names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(("target", "url", "headers", "endpoint", "name", "path", "gates", "limit", "rule", "id")),
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)


def struct_data(kind: type) -> st.SearchStrategy[Any]:
    """Data that is nearly right: the keys of the struct over anything."""
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    keys = [field.encode_name for field in info.fields]
    return st.dictionaries(st.sampled_from(keys) | names, anything, max_size=5)


@settings(deadline=None, max_examples=400)
@given(st.data(), st.sampled_from(KINDS))
def test_arbitrary_data_decodes_or_is_explained_in_one_line(data: st.DataObject, kind: type) -> None:
    value = data.draw(anything | struct_data(kind))
    problem = problem_with(lambda: decode(value, kind, "f.toml"))
    assert problem.isprintable()
    assert not problem or problem.startswith("f.toml: ")


near_targets = st.fixed_dictionaries(
    {},
    optional={
        "target": st.fixed_dictionaries({}, optional={"url": scalars, "live": scalars, "headers": anything}),
        "endpoint": st.lists(
            st.fixed_dictionaries(
                {"name": scalars, "path": scalars}, optional={"weight": scalars, "expect": anything}
            ),
            max_size=3,
        ),
        "gates": st.fixed_dictionaries({}, optional={"limit": st.dictionaries(names, scalars, max_size=3)}),
        "run": st.fixed_dictionaries({}, optional={"deadline": st.sampled_from(("0 s", "99999 d", "1 h"))}),
        "dependency": st.lists(st.fixed_dictionaries({"name": names, "upstream": scalars}), max_size=2),
    },
)


@settings(deadline=None, max_examples=300)
@given(near_targets)
def test_nearly_right_data_is_a_sound_definition_or_is_explained_in_one_line(data: Any) -> None:
    problem = problem_with(lambda: check_definition(decode(data, Definition, "f.toml"), "f.toml"))
    assert problem.isprintable()


def test_times_are_shown_as_toml_writes_them() -> None:
    assert "12:30:00 is not allowed" in error_of({"target": {"url": time(12, 30)}})
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC) + timedelta(0)
    assert "2026-01-02T03:04:00+00:00 is not allowed" in error_of({"target": {"url": moment}})
