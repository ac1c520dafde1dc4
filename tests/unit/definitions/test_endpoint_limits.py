"""Limits of single endpoints."""

from pathlib import Path

import pytest

from battery.definitions.endpoint_limits import with_endpoint_limits
from battery.definitions.floor import changes, rules_by_id
from battery.definitions.gates import load_shipped
from battery.definitions.profiles import load_profiles
from battery.errors import DefinitionError
from battery.model.definition import ProfileChoice
from battery.model.target import Endpoint
from battery.planning import make_plan
from tests.fakes.plans import a_check, a_request, changed

SHIPPED = load_shipped()
PROFILES = load_profiles(ProfileChoice(), Path()).profiles
STATUS = Endpoint(name="Status page", path="/status", p99="250 ms", errors=0.5)


def test_each_limit_becomes_a_rule_for_each_profile() -> None:
    rules = rules_by_id(with_endpoint_limits(SHIPPED, [STATUS], PROFILES, "battery.toml").gates)
    for profile in PROFILES:
        latency = rules[f"G2:load.{profile.id.lower()}.status_page.p99"]
        assert (latency.limit, latency.unit, latency.bound, latency.samples) == (250, "ms", "upper", 299)
        assert rules[f"G3:load.{profile.id.lower()}.status_page.errors"].limit == 0.5


def test_an_endpoint_without_limits_adds_no_rule() -> None:
    plain = Endpoint(name="plain", path="/")
    found = with_endpoint_limits(SHIPPED, [plain], PROFILES, "battery.toml")
    assert found.gates == SHIPPED.gates


def test_added_rules_loosen_nothing() -> None:
    found = with_endpoint_limits(SHIPPED, [STATUS], PROFILES, "battery.toml")
    assert not any(change.loosened for change in changes(SHIPPED.gates, found.gates))


def test_every_judged_measure_is_declared_once() -> None:
    found = with_endpoint_limits(SHIPPED, [STATUS], PROFILES, "battery.toml")
    names = [measure.name for measure in found.measures]
    assert len(names) == len(set(names))
    assert {rule.measure for gate in found.gates for rule in gate.rule} <= set(names)


def test_a_users_own_profile_has_its_measures_without_declaring_them() -> None:
    own = changed(PROFILES[0], id="Night")
    found = with_endpoint_limits(SHIPPED, [], [*PROFILES, own], "battery.toml")
    assert {"load.night.p99", "load.night.errors"} <= {measure.name for measure in found.measures}


def test_two_limited_endpoints_may_not_share_a_measure() -> None:
    twin = Endpoint(name="status.page", path="/other", errors=1.0)
    with pytest.raises(DefinitionError, match=r"battery\.toml: endpoint\.name: .*status\.page"):
        with_endpoint_limits(SHIPPED, [STATUS, twin], PROFILES, "battery.toml")


def test_the_check_of_a_profile_promises_the_measures_of_its_endpoints() -> None:
    found = with_endpoint_limits(SHIPPED, [STATUS], PROFILES, "battery.toml")
    check = a_check(id="load.p1", gates=("G2",), measures=(), instrument="load", profile="P1")
    request = a_request(gates=found.gates, measures=found.measures, profiles=PROFILES, checks=(check,))
    promised = make_plan(request).checks[0].measures
    assert {"load.p1.p99", "load.p1.errors", "load.p1.status_page.p99"} <= set(promised)
    assert not any(name.startswith("load.p2.") for name in promised)


def test_the_check_of_a_profile_may_take_the_profile_s_time_on_top_of_its_own() -> None:
    check = a_check(id="load.p4", gates=("G2",), measures=(), instrument="load", profile="P4", limit=120.0)
    for intensity, seconds in (("smoke", 9), ("standard", 610), ("full", 8 * 3600 + 60)):
        request = a_request(profiles=PROFILES, checks=(check,), intensity=intensity)
        assert make_plan(request).checks[0].limit == 120 + seconds


def test_the_longest_shipped_run_ends_before_its_deadline() -> None:
    assert sum(profile.full.seconds for profile in PROFILES) < make_plan(a_request()).deadline
