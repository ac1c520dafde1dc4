"""policy.toml: read strictly, and refused with file, key and suggestion."""

from pathlib import Path

import pytest

from battery.definitions.floor import rules_by_id
from battery.definitions.gates import load_shipped
from battery.definitions.policy import apply_floor, load_policy
from battery.errors import DefinitionError
from battery.model.policy import Policy

WHOLE = """
level = "silver"
max_age = "24h"
resource_uri = "https://shop.example"
environment = "production"
nonce = "n"
waivers_allowed = 2
loosened_allowed = ["G1:coverage.line"]
evidence_required = true
shipped_profiles = true
[limit]
"G2:load.p3.p99" = 500
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_policy_is_read(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, WHOLE))
    assert policy == Policy(
        level="silver",
        max_age="24h",
        resource_uri="https://shop.example",
        environment="production",
        nonce="n",
        waivers_allowed=2,
        loosened_allowed=("G1:coverage.line",),
        limit={"G2:load.p3.p99": 500.0},
        evidence_required=True,
        shipped_profiles=True,
    )


def test_an_empty_policy_demands_the_shipped_floor(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, ""))
    assert policy == Policy()
    gates = load_shipped().gates
    assert apply_floor(gates, policy, "policy.toml") == gates


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('levle = "gold"', r'levle: unknown key \(did you mean "level"\?\)'),
        ('level = "platinum"', 'expected one of "bronze", "gold", "silver"'),
        ('level = "none"', 'expected one of "bronze", "gold", "silver"'),
        ('max_age = "soon"', "expected a duration"),
        ("max_age = 24", "max_age"),
        ("waivers_allowed = -1", "waivers_allowed"),
        ('waivers_allowed = "none"', "waivers_allowed"),
        ('loosened_allowed = "G1:coverage.line"', "loosened_allowed"),
        ('evidence_required = "yes"', "true or false"),
        ('[limit]\n"G2:load.p3.p99" = "fast"', "expected a number"),
        ("level = ", "is not TOML"),
    ],
)
def test_a_wrong_policy_names_file_key_and_expectation(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason) as refused:
        load_policy(written(tmp_path, text))
    assert "policy.toml" in str(refused.value)


def test_an_absent_or_foreign_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no such file"):
        load_policy(tmp_path / "policy.toml")
    with pytest.raises(DefinitionError, match="is a folder"):
        load_policy(tmp_path)
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionError, match="not UTF-8"):
        load_policy(tmp_path / "policy.toml")


def test_a_limit_of_the_policy_s_own_replaces_the_shipped_one() -> None:
    floor = apply_floor(load_shipped().gates, Policy(limit={"G2:load.p3.p99": 500.0}), "policy.toml")
    assert rules_by_id(floor)["G2:load.p3.p99"].limit == 500.0
    assert rules_by_id(floor)["G2:load.p1.p99"].limit == 800.0


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (
            Policy(loosened_allowed=("G2:load.p3.p9",)),
            r'no such rule "G2:load.p3.p9" \(did you mean "G2:load.p3.p99"\?\)',
        ),
        (Policy(loosened_allowed=("everything",)), 'name a rule as in "G1:coverage.line"'),
        (Policy(limit={"G1:coverage.lines": 95.0}), 'did you mean "G1:coverage.line"'),
        (Policy(limit={"G1": 95.0}), "no such rule"),
        (Policy(limit={"G1:coverage.line": 101.0}), "impossible"),
        (Policy(limit={"G1:coverage.line": float("nan")}), "impossible"),
        (
            Policy(limit={"G1:coverage.line": 95.0}, loosened_allowed=("G1:coverage.line",)),
            "has a limit of its own in this file",
        ),
    ],
)
def test_a_rule_that_does_not_exist_and_a_policy_that_contradicts_itself_are_refused(
    policy: Policy, reason: str
) -> None:
    with pytest.raises(DefinitionError, match=reason) as refused:
        apply_floor(load_shipped().gates, policy, "policy.toml")
    assert str(refused.value).startswith("policy.toml")
