"""Steps 8 to 11: the right kind of statement, about the right thing, by rules that are strict enough."""

from typing import Any

import msgspec
import pytest

from battery.certificate.verification import Outcome, verify
from battery.model.certificate import BASELINE_TYPE, CERTIFICATE_TYPE
from battery.model.gate import Rule
from battery.model.plan import DefinitionFile, Subject
from tests.fakes.certified_run import (
    CertifiedRun,
    certify,
    forge,
    make_demands,
    make_evidence,
    make_plan,
    refused,
    shipped_gates,
    with_rule,
)


def test_a_baseline_is_refused_as_what_it_is(baseline: CertifiedRun) -> None:
    assert "BASELINE" in refused(baseline.bundle, Outcome.NOT_TRUSTED, 8)


def test_a_baseline_is_accepted_where_the_caller_rehearses(baseline: CertifiedRun) -> None:
    verification = verify(baseline.bundle, make_demands(accept_baseline=True, evidence=baseline.items))
    assert verification.outcome is Outcome.ACCEPTED
    assert any("BASELINE" in step.reason for step in verification.steps)


def test_a_baseline_never_reaches_a_level(baseline: CertifiedRun) -> None:
    demands = make_demands(accept_baseline=True, level="bronze")
    refused(baseline.bundle, Outcome.NOT_CERTIFIED, 18, demands)
    lying = forge(baseline, {"predicate.level": "gold"})
    refused(lying, Outcome.NOT_TRUSTED, 15, demands)


@pytest.mark.parametrize("accept", [False, True])
def test_a_baseline_run_under_the_real_type_is_refused(baseline: CertifiedRun, accept: bool) -> None:
    data = forge(baseline, {"predicateType": CERTIFICATE_TYPE})
    refused(data, Outcome.NOT_TRUSTED, 8, make_demands(accept_baseline=accept))


@pytest.mark.parametrize("accept", [False, True])
def test_a_real_run_under_the_baseline_type_is_refused(certified: CertifiedRun, accept: bool) -> None:
    data = forge(certified, {"predicateType": BASELINE_TYPE})
    refused(data, Outcome.NOT_TRUSTED, 8, make_demands(accept_baseline=accept))


def test_a_baseline_whose_run_calls_itself_real_is_caught_by_its_evidence(baseline: CertifiedRun) -> None:
    changes = {"predicateType": CERTIFICATE_TYPE, "predicate.run.mode": "real", "predicate.level": "gold"}
    refused(forge(baseline, changes), Outcome.NOT_TRUSTED, 15, make_demands(evidence=baseline.items))


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "urn:hardening-battery:certificate:v0",
        "URN:hardening-battery:certificate:v1",
        "urn:hardening-battery:certificate:v1 ",
        "https://slsa.dev/verification_summary/v1",
    ],
)
def test_another_predicate_type_is_refused(certified: CertifiedRun, kind: str) -> None:
    data = forge(certified, {"predicateType": kind})
    refused(data, Outcome.NOT_TRUSTED, 8, make_demands(accept_baseline=True))


def test_a_certificate_replayed_to_another_build_is_refused(certified: CertifiedRun) -> None:
    demands = make_demands(subject=Subject(name="shop.tar", sha256="0" * 64))
    assert "not about shop.tar" in refused(certified.bundle, Outcome.NOT_TRUSTED, 9, demands)


def test_a_certificate_about_the_given_build_is_accepted_under_any_name(certified: CertifiedRun) -> None:
    subject = Subject(name="renamed.tar", sha256=certified.run.plan.subject.sha256)
    assert verify(certified.bundle, make_demands(subject=subject)).outcome is Outcome.ACCEPTED


HEX = "ab" * 32


@pytest.mark.parametrize(
    "subject",
    [
        [],
        [{"name": "a", "digest": {"sha256": HEX}}, {"name": "b", "digest": {"sha256": HEX}}],
        [{"name": "a", "digest": {}}],
        [{"name": "a", "digest": {"sha1": HEX[:40]}}],
        [{"name": "a", "digest": {"sha256": HEX, "sha512": HEX}}],
        [{"name": "a", "digest": {"sha256": HEX.upper()}}],
        [{"name": "a", "digest": {"sha256": ""}}],
        [{"name": "a", "digest": {"sha256": HEX + "\n"}}],
    ],
)
def test_anything_but_one_subject_with_one_sha256_is_refused(certified: CertifiedRun, subject: Any) -> None:
    refused(forge(certified, {"subject": subject}), Outcome.NOT_TRUSTED, 9)


@pytest.mark.parametrize("name", ["resource_uri", "environment", "nonce"])
def test_another_target_environment_or_nonce_than_demanded_is_refused(
    certified: CertifiedRun, name: str
) -> None:
    for value in ("something else", ""):
        refused(certified.bundle, Outcome.NOT_TRUSTED, 10, make_demands(**{name: value}))


def test_the_demanded_target_environment_and_nonce_are_accepted(certified: CertifiedRun) -> None:
    demands = make_demands(resource_uri="https://shop.example", environment="staging", nonce="a-nonce")
    verification = verify(certified.bundle, demands)
    assert verification.outcome is Outcome.ACCEPTED
    assert verification.steps[9].ok is True


def loosened(**changes: Any) -> CertifiedRun:
    """A run under a p99 rule that was changed, honestly judged and signed."""

    def change(rule: Rule) -> Rule:
        return msgspec.structs.replace(rule, **changes)

    plan = make_plan(gates=with_rule("G2", "load.p3.p99", change))
    return certify(plan, make_evidence(plan, {"load.p3.p99": 100.0}))


@pytest.mark.parametrize(
    "changes",
    [
        {"limit": 801.0},
        {"bound": "value"},
        {"bound": "lower"},
        {"samples": 298},
        {"samples": 0},
        {"operator": ">="},
    ],
)
def test_a_loosened_gate_is_refused_and_named(changes: dict[str, Any]) -> None:
    certified = loosened(**changes)
    reason = refused(certified.bundle, Outcome.NOT_TRUSTED, 11)
    assert "G2:load.p3.p99" in reason
    assert "loosened_allowed" in reason


def test_of_many_loosened_rules_three_are_named_whole_and_the_others_counted() -> None:
    (gate,) = [gate for gate in shipped_gates().gates if gate.id == "G2"]
    easier = tuple(msgspec.structs.replace(rule, limit=rule.limit * 2) for rule in gate.rule)
    gates = tuple(
        msgspec.structs.replace(known, rule=easier) if known is gate else known
        for known in shipped_gates().gates
    )
    reason = refused(certify(make_plan(gates=gates)).bundle, Outcome.NOT_TRUSTED, 11)
    named = ", ".join(f'"G2:{rule.id}"' for rule in easier[:3])
    assert reason.endswith(f"loosened_allowed = [{named}]; and {len(easier) - 3} more")


def test_a_loosened_gate_is_accepted_where_the_policy_names_it() -> None:
    certified = loosened(limit=801.0)
    demands = make_demands(loosened_allowed=("G2:load.p3.p99",), evidence=certified.items)
    assert verify(certified.bundle, demands).outcome is Outcome.ACCEPTED
    other = make_demands(loosened_allowed=("G2:load.p1.p99",))
    refused(certified.bundle, Outcome.NOT_TRUSTED, 11, other)


@pytest.mark.parametrize("changes", [{"limit": 500.0}, {"operator": "<"}, {"samples": 1000}])
def test_a_tightened_gate_is_accepted(changes: dict[str, Any]) -> None:
    certified = loosened(**changes)
    assert verify(certified.bundle, make_demands(evidence=certified.items)).outcome is Outcome.ACCEPTED


def test_a_loosened_rule_that_the_certificate_hides_in_its_list_of_changes_is_refused_all_the_same() -> None:
    certified = loosened(limit=801.0)
    assert certified.statement.predicate.policy.changes == ()
    refused(certified.bundle, Outcome.NOT_TRUSTED, 11)


def test_a_missing_gate_is_refused(certified: CertifiedRun) -> None:
    gates = msgspec.to_builtins(certified.statement.predicate.gates)
    for index in range(len(gates)):
        data = forge(certified, {"predicate.gates": gates[:index] + gates[index + 1 :]})
        assert "was not judged, this verifier demands" in refused(data, Outcome.NOT_TRUSTED, 11)


def test_a_missing_rule_is_refused(certified: CertifiedRun) -> None:
    rules = msgspec.to_builtins(certified.statement.predicate.gates[1].rules)
    data = forge(certified, {"predicate.gates.1.rules": rules[1:]})
    assert "was not judged, this verifier demands" in refused(data, Outcome.NOT_TRUSTED, 11)


def test_no_gates_and_gates_without_rules_are_refused(certified: CertifiedRun) -> None:
    refused(forge(certified, {"predicate.gates": []}), Outcome.NOT_TRUSTED, 11)
    refused(forge(certified, {"predicate.gates.0.rules": []}), Outcome.NOT_TRUSTED, 11)


def test_a_gate_without_rules_is_refused_even_where_the_floor_does_not_know_it(
    certified: CertifiedRun,
) -> None:
    gates = msgspec.to_builtins(certified.statement.predicate.gates)
    extra = {"gate": "not an id", "title": "t", "status": "pass", "rules": []}
    refused(forge(certified, {"predicate.gates": [*gates, extra]}), Outcome.NOT_TRUSTED, 15)


def test_a_weak_twin_of_a_gate_or_a_rule_is_refused(certified: CertifiedRun) -> None:
    gates = msgspec.to_builtins(certified.statement.predicate.gates)
    for twins in ([gates[0], *gates], [*gates, gates[0]]):
        assert "twice" in refused(forge(certified, {"predicate.gates": twins}), Outcome.NOT_TRUSTED, 11)
    rules = list(gates[0]["rules"])
    weak = {**rules[0], "limit": 1.0}
    data = forge(certified, {"predicate.gates.0.rules": [weak, *rules]})
    assert "twice" in refused(data, Outcome.NOT_TRUSTED, 11)


def test_a_gate_that_the_verifier_does_not_know_is_no_obstacle_and_no_help(certified: CertifiedRun) -> None:
    own = msgspec.structs.replace(shipped_gates().gates[0], id="G9", title="own")
    plan = make_plan(gates=(*shipped_gates().gates, own))
    assert verify(certify(plan).bundle, make_demands()).outcome is Outcome.ACCEPTED
    only = make_plan(gates=(own,))
    refused(certify(only).bundle, Outcome.NOT_TRUSTED, 11)


def test_a_verifier_without_gates_accepts_nothing(certified: CertifiedRun) -> None:
    assert "empty floor" in refused(certified.bundle, Outcome.NOT_TRUSTED, 11, make_demands(floor=()))


def test_the_verifier_s_own_stricter_floor_is_the_one_that_counts(certified: CertifiedRun) -> None:
    floor = with_rule("G1", "coverage.line", lambda rule: msgspec.structs.replace(rule, limit=95.0))
    refused(certified.bundle, Outcome.NOT_TRUSTED, 11, make_demands(floor=floor))


def own_profile(name: str, *, claims_shipped: bool) -> CertifiedRun:
    files = make_plan().files
    other = DefinitionFile(name=name, sha256="e" * 64, shipped=claims_shipped)
    return certify(make_plan(files=(*(file for file in files if file.name != name), other)))


@pytest.mark.parametrize("claims_shipped", [True, False])
def test_a_profile_of_somebody_s_own_is_named_and_refused_where_the_policy_demands_the_shipped_ones(
    claims_shipped: bool,
) -> None:
    certified = own_profile("profiles/p3-spike.toml", claims_shipped=claims_shipped)
    verification = verify(certified.bundle, make_demands())
    assert verification.outcome is Outcome.ACCEPTED
    assert "profiles/p3-spike.toml" in verification.steps[10].reason
    demands = make_demands(shipped_profiles=True)
    assert "profiles/p3-spike.toml" in refused(certified.bundle, Outcome.NOT_TRUSTED, 11, demands)


def test_a_profile_left_out_of_the_list_is_no_shipped_profile() -> None:
    files = tuple(file for file in make_plan().files if file.name != "profiles/p4-soak.toml")
    demands = make_demands(shipped_profiles=True)
    refused(certify(make_plan(files=files)).bundle, Outcome.NOT_TRUSTED, 11, demands)


def test_the_shipped_profiles_satisfy_a_policy_that_demands_them(certified: CertifiedRun) -> None:
    verification = verify(certified.bundle, make_demands(shipped_profiles=True))
    assert verification.outcome is Outcome.ACCEPTED
    assert "other than" not in verification.steps[10].reason
