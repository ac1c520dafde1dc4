"""Services that nobody here wrote go through the battery by the battery.toml of docs/third-party, and no code for them."""

import re
import shutil
from typing import Any

import pytest

from tests.fakes.commands import Said
from tests.integration.third_party.documented import DOCS, SERVICES, side_by_side

EACH = [pytest.param(name, marks=pytest.mark.real(name)) for name in SERVICES]
LONGEST = 20  # lines of battery.toml, without comments and empty ones
SCENARIOS = ("network", "pause", "restart")
FAULTS = ("pause", "kill", "terminate")
_TRIES = 3  # who reads that an instrument was not proven tries again, when the machine is quieter
# Whether a request in flight meets the end of a service is a matter of chance: the documents tell why.
OPEN = {"chaos.restart.dropped"}


def installed() -> list[str]:
    return [name for name in SERVICES if shutil.which(name)]


def proven(said: Said) -> bool:
    return "NOT PROVEN" not in said.err


@pytest.fixture(scope="module")
def harmed() -> dict[str, Said]:
    """What battery chaos says of each."""
    words = ("chaos", "--scenario", ",".join(SCENARIOS), "--intensity", "smoke", "--json")
    told = side_by_side(installed(), *words)
    for _ in range(_TRIES - 1):
        for name in [name for name, said in told.items() if not proven(said)]:
            told |= side_by_side([name], *words)
    return told


@pytest.fixture(scope="module")
def certified() -> dict[str, dict[str, Any]]:
    """The rules that battery certify judges of each, by name, from what its readiness and its scans showed."""
    words = ("certify", "--only", "security,readiness", "--intensity", "smoke", "--json")
    told = side_by_side(installed(), *words, "--subject-file", "battery.toml")
    return {
        name: {rule["rule"]: rule for gate in said.json["gates"] for rule in gate["rules"]}
        for name, said in told.items()
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_typical_service_is_described_in_twenty_lines(name: str) -> None:
    lines = (DOCS / name / "battery.toml").read_text().splitlines()
    counted = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert 0 < len(counted) <= LONGEST


@pytest.mark.parametrize("name", SERVICES)
def test_the_document_shows_the_battery_toml_that_is_tried_here(name: str) -> None:
    shown = re.findall(r"```toml\n(.*?)```", (DOCS / "README.md").read_text(), re.DOTALL)
    assert (DOCS / name / "battery.toml").read_text() in shown


@pytest.mark.parametrize("name", EACH)
def test_it_comes_back_from_network_faults_a_pause_and_a_restart(name: str, harmed: dict[str, Said]) -> None:
    said = harmed[name]
    rules = {rule["verdict"]["rule"]: rule["verdict"]["status"] for rule in said.json["rules"]}
    recoveries = {f"chaos.{scenario}.recovery": "pass" for scenario in SCENARIOS}
    assert recoveries.items() <= rules.items(), said.err
    others = {rule for rule, status in rules.items() if status != "pass"}
    assert others <= OPEN, said.err


@pytest.mark.parametrize("name", EACH)
def test_each_fault_happened_and_each_instrument_kept_its_word(name: str, harmed: dict[str, Said]) -> None:
    proofs = {check: each for check, each in harmed[name].json["proofs"].items() if each}
    assert {f"chaos.{scenario}" for scenario in SCENARIOS} <= set(proofs)
    assert [proof for each in proofs.values() for proof in each if not proof["ok"]] == []
    happened = {
        proof["name"] for each in proofs.values() for proof in each if proof["name"].endswith(" happened")
    }
    assert happened >= {"network down 1 happened", *(f"{fault} 1 happened" for fault in FAULTS)}
    assert sum(name.startswith("network ") for name in happened) > 1


METRICS = [f"observability.{what}" for what in ("metrics.defects", "metrics.series")]
TRUTHS = [f"observability.{what}" for what in ("counter.difference", "histogram.difference")]


@pytest.mark.real("prometheus")
def test_the_metrics_of_prometheus_are_sound_and_true(certified: dict[str, dict[str, Any]]) -> None:
    rules = certified["prometheus"]
    told = {name: (rules[name]["status"], rules[name]["reason"]) for name in (*METRICS, *TRUTHS)}
    assert {status for status, _ in told.values()} == {"pass"}, told


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.real(name)) for name in ("datasette", "nginx")]
)
def test_a_service_without_metrics_is_undecided_there_and_told_so(
    name: str, certified: dict[str, dict[str, Any]]
) -> None:
    for rule in (*METRICS, *TRUTHS):
        assert certified[name][rule]["status"] == "undecided"
        assert "no metrics" in certified[name][rule]["reason"]


@pytest.mark.parametrize("name", EACH)
def test_health_means_what_it_says_and_no_scan_of_it_finds_anything_grave(
    name: str, certified: dict[str, dict[str, Any]]
) -> None:
    rules = certified[name]
    wanted = ("observability.health.defects", "security.findings.critical", "security.findings.high")
    told = {rule: (rules[rule]["status"], rules[rule]["reason"]) for rule in wanted}
    assert {status for status, _ in told.values()} == {"pass"}, told


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("datasette", "fail", marks=pytest.mark.real("datasette")),
        pytest.param("nginx", "pass", marks=pytest.mark.real("nginx")),
    ],
)
def test_lines_that_no_machine_reads_are_told_from_those_that_one_does(
    name: str, status: str, certified: dict[str, dict[str, Any]]
) -> None:
    assert certified[name]["observability.logs.parsed"]["status"] == status
