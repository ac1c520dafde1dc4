"""Rule files are read as strictly as Prometheus reads them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.rules.durations import seconds_of
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile, RulesUnreadable
from battery.readiness.observability.rules.templates import template_trouble
from battery.readiness.observability.rules.yaml_document import LARGEST

ASSETS = Path(__file__).parents[4] / "assets" / "rules"
VALID = sorted((ASSETS / "valid").glob("*.yml"))
INVALID = sorted((ASSETS / "invalid").glob("*.yml"))


def read(text: str) -> RuleFile:
    return read_rules(text.encode(), "rules.yml")


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_valid_file_is_read(file: Path) -> None:
    assert read_rules(file.read_bytes(), file.name).file == file.name


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_file_is_refused_in_one_line_that_names_it(file: Path) -> None:
    with pytest.raises(RulesUnreadable) as caught:
        read_rules(file.read_bytes(), file.name)
    assert str(caught.value).startswith(f"{file.name}: ")
    assert "\n" not in str(caught.value)


def test_groups_rules_labels_and_waits_are_told_as_written() -> None:
    file = read_rules((ASSETS / "valid" / "service.yml").read_bytes(), "service.yml")
    assert [(group.name, len(group.rules), group.interval) for group in file.groups] == [
        ("orders.recording", 2, 30.0),
        ("orders.alerts", 3, None),
    ]
    assert file.recorded == {"job:http_requests:rate5m", "job:http_errors:ratio5m"}
    errors, slow, down = file.alerts
    assert (errors.hold, slow.hold, down.hold) == (120.0, 300.0, 0.0)
    assert errors.labels == slow.labels == {"severity": "page"}
    assert down.labels == {"severity": "page", "tier": "1"}
    assert [str(selector) for selector in errors.expression.selectors] == ["job:http_errors:ratio5m"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("groups: [{name: g, limit: many, rules: []}]", "limit is not a whole number"),
        ("groups: [{name: g, rules: [{alert: A, expr: [up]}]}]", "expr is a table or a list"),
        ("groups: [{name: [g], rules: []}]", "name is a table or a list"),
        ("groups: [{name: g, rules: [{alert: A, expr: up, labels: [a]}]}]", "expected a table"),
        ("groups: [{name: g, rules: [3]}]", "expected a table"),
        ("groups: [&a {name: g, rules: []}" + ", *a" * 200 + "]", "more than 100 aliases"),
        ("groups: " + "[" * 5000, "nested too deeply"),
        ("groups: [{name: g, rules: [" + "{alert: A, expr: up}," * 5_001 + "]}]", "too many rules"),
        ("\tgroups: []", "line 1"),
        ("? [a]\n: b\n", "unhashable"),
    ],
)
def test_odd_shapes_are_refused_with_the_place(text: str, problem: str) -> None:
    with pytest.raises(RulesUnreadable, match=problem):
        read(text)


def test_bytes_that_are_no_text_and_files_beyond_the_bound_are_refused() -> None:
    with pytest.raises(RulesUnreadable, match="not UTF-8"):
        read_rules(b"groups: \xff", "x.yml")
    with pytest.raises(RulesUnreadable, match="at most"):
        read_rules(b"#" * (LARGEST + 1), "x.yml")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(
            ("0", 0.0),
            ("5m", 300.0),
            ("1h30m", 5400.0),
            ("1d", 86400.0),
            ("250ms", 0.25),
            ("1y2w", 32745600.0),
        ),
        *(
            ("", None),
            ("5", None),
            ("5 m", None),
            ("m", None),
            ("30m1h", None),
            ("-5m", None),
            ("1.5h", None),
        ),
    ],
)
def test_durations_are_those_of_prometheus(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "{{ $value }}",
        "{{- $labels.job | title -}}",
        '{{ printf "%.2f {{" $value }}',
        "{{ if gt $value 2.0 }}a{{ else if eq $labels.a `b` }}b{{ else }}c{{ end }}",
        '{{ range query "up" }}{{ with .Labels }}{{ .instance }}{{ end }}{{ end }}',
        "{{/* a remark about nothing */}}",
        "}} alone",
    ],
)
def test_a_sound_template_has_no_trouble(text: str) -> None:
    assert template_trouble(text) == ""


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("{{ $value", "never closed"),
        ("{{ }}", "empty"),
        ("{{ end }}", "without an if"),
        ("{{ if $value }}x", "has no end"),
        ("{{ humanise $value }}", "humanise is no function"),
        ("{{" * 4000, "more than 200 actions"),
        ("{{ $value }}" + "x" * 9000, "longer than"),
    ],
)
def test_a_broken_template_is_told(text: str, trouble: str) -> None:
    assert trouble in template_trouble(text)


@given(st.binary(max_size=120))
def test_any_bytes_are_rules_or_refused(data: bytes) -> None:
    try:
        file = read_rules(data, "x.yml")
    except RulesUnreadable:
        return
    assert list(file.rules) == []
