"""Step 14: the evidence is the signed evidence, all of it and nothing else."""

from typing import Any

import msgspec
import pytest

from battery.certificate.verification import Outcome, verify
from tests.fakes.certified_run import CertifiedRun, certify, forge, make_demands, make_plan, refused


def names(certified: CertifiedRun) -> list[str]:
    return sorted(certified.items)


def test_unchanged_evidence_is_accepted(certified: CertifiedRun) -> None:
    verification = verify(certified.bundle, make_demands(evidence=certified.items))
    assert verification.steps[13].reason == f"all {len(certified.items)} items unchanged, none extra"


def test_removed_evidence_is_refused(certified: CertifiedRun) -> None:
    for name in names(certified):
        given = {key: data for key, data in certified.items.items() if key != name}
        reason = refused(certified.bundle, Outcome.NOT_TRUSTED, 14, make_demands(evidence=given))
        assert f"{name} is missing" in reason


def test_added_evidence_is_refused(certified: CertifiedRun) -> None:
    for name in ("evidence/extra.json", "blobs/" + "0" * 64, "plan.json.bak"):
        demands = make_demands(evidence={**certified.items, name: b"{}"})
        assert "was added" in refused(certified.bundle, Outcome.NOT_TRUSTED, 14, demands)


def test_swapped_evidence_is_refused(certified: CertifiedRun) -> None:
    first, second, *_ = (name for name in names(certified) if name.startswith("evidence/"))
    swapped = {**certified.items, first: certified.items[second], second: certified.items[first]}
    refused(certified.bundle, Outcome.NOT_TRUSTED, 14, make_demands(evidence=swapped))


def test_one_changed_byte_in_any_file_is_refused(certified: CertifiedRun) -> None:
    for name, data in certified.items.items():
        for place in range(0, len(data), max(1, len(data) // 16)):
            changed = bytearray(data)
            changed[place] ^= 1
            demands = make_demands(evidence={**certified.items, name: bytes(changed)})
            assert name in refused(certified.bundle, Outcome.NOT_TRUSTED, 14, demands)


def test_the_evidence_of_another_run_is_refused(certified: CertifiedRun) -> None:
    other = certify(make_plan(run="20260301-110001-fedcba"))
    refused(certified.bundle, Outcome.NOT_TRUSTED, 14, make_demands(evidence=other.items))
    refused(certified.bundle, Outcome.NOT_TRUSTED, 14, make_demands(evidence={}))


def test_evidence_that_a_policy_demands_must_be_given(certified: CertifiedRun) -> None:
    reason = refused(certified.bundle, Outcome.NOT_TRUSTED, 14, make_demands(evidence_required=True))
    assert "--evidence" in reason
    demands = make_demands(evidence_required=True, evidence=certified.items)
    assert verify(certified.bundle, demands).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "changes",
    [
        {"predicate.evidence.merkleRoot": "0" * 64},
        {"predicate.evidence.merkleRoot": ""},
        {"predicate.evidence.items.0.sha256": "0" * 64},
        {"predicate.evidence.items.0.size": 1},
        {"predicate.evidence.items.0.name": "evidence/other.json"},
        {"predicate.evidence.items": []},
        {"predicate.run.plan": "0" * 64},
    ],
)
def test_a_signed_list_that_contradicts_itself_is_refused_even_without_the_files(
    certified: CertifiedRun, changes: dict[str, Any]
) -> None:
    refused(forge(certified, changes), Outcome.NOT_TRUSTED, 14)


def test_a_signed_list_without_the_plan_or_with_an_item_twice_is_refused(certified: CertifiedRun) -> None:
    items = msgspec.to_builtins(certified.statement.predicate.evidence.items)
    for listed in ([], [item for item in items if item["name"] != "plan.json"], [*items, items[0]]):
        data = forge(certified, {"predicate.evidence.items": listed}, relist=True)
        refused(data, Outcome.NOT_TRUSTED, 14)
        refused(data, Outcome.NOT_TRUSTED, 14, make_demands(evidence=certified.items))
