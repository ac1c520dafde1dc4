"""A rule file's bytes as groups of rules."""

import re
from collections import Counter
from typing import Any

from battery.readiness.coverage.report import shown
from battery.readiness.observability.promql.expression import ExpressionInvalid, parse_expression
from battery.readiness.observability.rules.fields import Fields
from battery.readiness.observability.rules.rule_file import Group, Rule, RuleFile
from battery.readiness.observability.rules.yaml_document import load_yaml

_GROUP = ("name", "interval", "limit", "rules", "query_offset", "labels", "partial_response_strategy")
_RULE = ("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations")
_MOST_RULES = 5_000
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")


def read_rules(data: bytes, file: str) -> RuleFile:
    """The rules in the bytes of a file of that name.

    Raises: RulesUnreadable for whatever Prometheus would not load.
    """
    document = load_yaml(data, file)
    fields = Fields(file, "", document if document is not None else {}, ("groups",))
    groups = [_group(file, number, value) for number, value in enumerate(fields.several("groups"), 1)]
    for name, times in Counter(group.name for group in groups).items():
        if times > 1:
            raise fields.refusal(f"the group {shown(name)!r} stands {times} times")
    return RuleFile(file=file, groups=tuple(groups))


def _group(file: str, number: int, value: Any) -> Group:
    fields = Fields(file, f"group {number}", value, _GROUP)
    name = fields.text("name")
    if not name:
        raise fields.refusal("it has no name")
    if fields.has("limit") and not re.fullmatch(r"-?[0-9]{1,18}", fields.text("limit")):
        raise fields.refusal("limit is not a whole number")
    fields.duration("query_offset")
    fields.texts("labels")
    where, values = f"group {shown(name)!r}", fields.several("rules")
    if number * len(values) > _MOST_RULES:
        raise fields.refusal(f"too many rules: at most {_MOST_RULES} are read")
    rules = [_rule(file, f"{where}, rule {count}", one) for count, one in enumerate(values, 1)]
    return Group(name=name, rules=tuple(rules), interval=fields.duration("interval"))


def _rule(file: str, where: str, value: Any) -> Rule:
    fields = Fields(file, where, value, _RULE)
    record, alert = fields.text("record"), fields.text("alert")
    if bool(record) == bool(alert):
        raise fields.refusal("expected either a record or an alert" + (", not both" if record else ""))
    fields.where = f"{where} ({shown(record or alert)})"
    if record:
        _refuse_alerting(fields, record)
    if not fields.text("expr").strip():
        raise fields.refusal("it has no expr")
    try:
        expression = parse_expression(fields.text("expr"))
    except ExpressionInvalid as error:
        raise fields.refusal(f"expr: {error}") from error
    fields.duration("keep_firing_for")
    return Rule(
        name=record or alert,
        alerting=bool(alert),
        expression=expression,
        labels=fields.texts("labels"),
        annotations=fields.texts("annotations"),
        hold=fields.duration("for"),
    )


def _refuse_alerting(fields: Fields, record: str) -> None:
    if not _METRIC.match(record):
        raise fields.refusal(f"{shown(record)!r} is no metric name")
    for key in ("for", "keep_firing_for", "annotations"):
        # Prometheus takes an empty one for none.
        if fields.has(key) and (key == "annotations" or fields.duration(key)):
            raise fields.refusal(f"a recording rule has no {key}")
