"""Logs: parsed as JSON or logfmt, counted, and what they lack is seen in the counts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.logs.examination import examine_log, read_line

JSON_LINE = '{"time":"t","level":"INFO","request_id":"r1","msg":"done"}'
LOGFMT_LINE = 'time=t level=warn trace_id=abc msg="it is \\"done\\""'


def test_both_formats_are_read_and_their_fields_found() -> None:
    report = examine_log([JSON_LINE, "", LOGFMT_LINE, "plain words", "at Foo.bar(Foo.java:3)"])
    assert (report.lines, report.parsed, report.formats) == (4, 2, {"JSON": 1, "logfmt": 1})
    assert (report.with_level, report.with_time, report.with_request_id) == (2, 2, 2)
    assert report.levels == {"info": 1, "warn": 1}
    assert report.unparsed == (4, 5)
    assert report.parse_percent == 50
    assert report.level_percent == 100


def test_an_empty_log_proves_nothing() -> None:
    report = examine_log(["", "  "])
    assert (report.parse_percent, report.level_percent, report.secrets) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('{"a":{"b":{"c":1}}}', {"a.b.c": "1"}),
        ('{"Level":"error"}', {"level": "error"}),
        ('{"log":{"level":"error"},"n":null}', {"log.level": "error", "n": "null"}),
        ("a=1 b=2", {"a": "1", "b": "2"}),
        (LOGFMT_LINE, {"time": "t", "level": "warn", "trace_id": "abc", "msg": 'it is "done"'}),
    ],
)
def test_fields_are_flat_and_in_lower_case(line: str, fields: dict[str, str]) -> None:
    found = read_line(line)
    assert found is not None
    assert found.fields == fields


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[1]", "{}", '"text"', "a=1", "a=1 and words b=2", '{"a": 1} trailing', "x" * 70_000),
        '127.0.0.1 - - [10/Oct/2000:13:55:36] "GET /?a=1&b=2 HTTP/1.1" 200',
    ],
)
def test_lines_without_structure_do_not_parse(line: str) -> None:
    assert read_line(line) is None


def test_secrets_are_told_by_place_and_kind_and_never_shown() -> None:
    lines = [JSON_LINE, '{"password":"hunter2hunter2","level":"info"}']
    report = examine_log(lines, lambda text: ["password"] if "hunter2" in text else [])
    assert report.secrets == ("line 2: password",)
    assert "hunter2" not in repr(report)
    assert examine_log([JSON_LINE], lambda _: []).secrets == ()


@given(
    st.dictionaries(
        st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none(), min_size=1, max_size=4
    )
)
def test_every_json_object_is_a_line(fields: dict[str, object]) -> None:
    line = read_line(json.dumps(fields))
    assert line is not None
    assert line.format == "JSON"


@given(st.lists(st.text(max_size=30), max_size=5))
def test_the_counts_add_up_for_any_lines(lines: list[str]) -> None:
    report = examine_log(lines)
    assert report.parsed <= report.lines <= len(lines)
    assert sum(report.formats.values()) == report.parsed
