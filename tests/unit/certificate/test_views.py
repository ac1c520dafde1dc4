"""Views: what others read as a SLSA VSA or an in-toto SVR, by the published field names."""

from typing import Any

import msgspec
import pytest

from battery.certificate.views import as_svr, as_vsa
from battery.model.definition import Definition
from tests.fakes.certified_run import CertifiedRun, certify, forge, make_evidence, make_plan

DIGEST = "cd" * 32
# https://slsa.dev/spec/v1.1/verification_summary
VSA_FIELDS = {
    "verifier": {"id", "version"},
    "timeVerified": str,
    "resourceUri": str,
    "policy": {"uri", "digest"},
    "inputAttestations": list,
    "verificationResult": str,
    "verifiedLevels": list,
    "dependencyLevels": dict,
    "slsaVersion": str,
}
VSA_REQUIRED = {"verifier", "timeVerified", "resourceUri", "policy", "verificationResult", "verifiedLevels"}
# https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
SVR_FIELDS = {"verifier", "timeCreated", "properties"}


def undecided() -> CertifiedRun:
    plan = make_plan()
    return certify(plan, make_evidence(plan)[1:])


def check_statement(view: dict[str, Any], kind: str, certified: CertifiedRun) -> dict[str, Any]:
    assert set(view) == {"_type", "subject", "predicateType", "predicate"}
    assert view["_type"] == "https://in-toto.io/Statement/v1"
    assert view["predicateType"] == kind
    assert list(view["subject"]) == [
        {"name": "shop.tar", "digest": {"sha256": certified.run.plan.subject.sha256}}
    ]
    predicate: dict[str, Any] = view["predicate"]
    return predicate


def test_a_vsa_has_the_published_shape(certified: CertifiedRun) -> None:
    vsa = as_vsa(certified.statement, DIGEST)
    predicate = check_statement(vsa, "https://slsa.dev/verification_summary/v1", certified)
    assert set(predicate) >= VSA_REQUIRED
    for name, value in predicate.items():
        shape = VSA_FIELDS[name]
        assert set(value) <= shape if isinstance(shape, set) else isinstance(value, shape)  # type: ignore[arg-type]
    assert predicate["inputAttestations"] == [{"uri": "certificate.json", "digest": {"sha256": DIGEST}}]
    assert predicate["timeVerified"] == "2026-03-01T12:00:00Z"
    assert predicate["verificationResult"] == "PASSED"
    assert predicate["verifiedLevels"] == ["HARDENING_BATTERY_GOLD"]
    assert predicate["resourceUri"] == "https://shop.example"


def test_what_is_not_passed_is_failed_in_a_vsa(failing: CertifiedRun) -> None:
    for certified in (failing, undecided()):
        assert as_vsa(certified.statement, DIGEST)["predicate"]["verificationResult"] == "FAILED"


def test_a_vsa_claims_no_level_where_there_is_none() -> None:
    plan = make_plan()
    certified = certify(plan, make_evidence(plan)[:1])
    assert as_vsa(certified.statement, DIGEST)["predicate"]["verifiedLevels"] == []


def test_a_baseline_never_passes_in_a_vsa_and_says_baseline(baseline: CertifiedRun) -> None:
    predicate = as_vsa(baseline.statement, DIGEST)["predicate"]
    assert predicate["verificationResult"] == "FAILED"
    assert predicate["verifiedLevels"] == ["BASELINE"]


def test_a_vsa_about_no_url_names_its_subject() -> None:
    certified = certify(make_plan(definition=Definition()))
    uri = as_vsa(certified.statement, DIGEST)["predicate"]["resourceUri"]
    assert uri == f"sha256:{certified.run.plan.subject.sha256}"


def test_an_svr_has_the_published_shape_and_names_what_holds(failing: CertifiedRun) -> None:
    svr = as_svr(failing.statement, DIGEST)
    predicate = check_statement(svr, "https://in-toto.io/attestation/svr/v0.1", failing)
    assert set(predicate) == SVR_FIELDS
    assert predicate["verifier"]["id"] == "urn:hardening-battery"
    names = [f"HARDENING_BATTERY_G{number}_PASS" for number in range(2, 9)]
    assert predicate["properties"] == [*names, "HARDENING_BATTERY_LEVEL_SILVER"]


def test_every_property_of_a_baseline_in_an_svr_says_baseline(baseline: CertifiedRun) -> None:
    properties = as_svr(baseline.statement, DIGEST)["predicate"]["properties"]
    assert properties[0] == "BASELINE"
    assert all(name.startswith("BASELINE") for name in properties)


def test_a_baseline_that_claims_the_real_type_stays_a_baseline_in_both_views(baseline: CertifiedRun) -> None:
    from battery.model.certificate import CERTIFICATE_TYPE

    lying = msgspec.structs.replace(baseline.statement, predicate_type=CERTIFICATE_TYPE)
    assert as_vsa(lying, DIGEST)["predicate"]["verificationResult"] == "FAILED"
    assert as_svr(lying, DIGEST)["predicate"]["properties"][0] == "BASELINE"


@pytest.mark.parametrize("subject", [[], [{"name": "x", "digest": {}}]])
def test_a_statement_without_a_proper_subject_is_viewed_and_not_a_crash(
    certified: CertifiedRun, subject: list[Any]
) -> None:
    assert forge(certified, {"subject": subject})
    value = msgspec.to_builtins(certified.statement) | {"subject": subject}
    value["predicate"]["resourceUri"] = ""
    statement = msgspec.convert(value, type(certified.statement))
    assert as_vsa(statement, DIGEST)["predicate"]["resourceUri"] == "sha256:"
