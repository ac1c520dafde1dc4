"""Views of a certificate in formats that others read: SLSA VSA and in-toto SVR."""

from typing import Any

import msgspec

from battery.model.certificate import STATEMENT_TYPE, Statement

VSA_TYPE = "https://slsa.dev/verification_summary/v1"
BASELINE = "BASELINE"
SVR_TYPE = "https://in-toto.io/attestation/svr/v0.1"


def as_vsa(statement: Statement, certificate: str) -> dict[str, Any]:
    """A SLSA verification summary. It has no third result: what is not PASSED by a real run is FAILED there.

    https://slsa.dev/spec/v1.1/verification_summary
    """
    predicate = statement.predicate
    levels = [f"HARDENING_BATTERY_{predicate.level.upper()}"] if predicate.level != "none" else []
    passed = predicate.verification_result == "PASSED" and not statement.is_baseline
    return _statement(
        statement,
        VSA_TYPE,
        {
            "verifier": {
                "id": "urn:hardening-battery",
                "version": {"hardening-battery": predicate.verifier.version},
            },
            "timeVerified": _time(statement),
            "resourceUri": predicate.resource_uri or f"sha256:{_sha256(statement)}",
            "policy": {"uri": "urn:hardening-battery:gates", "digest": {"sha256": predicate.run.plan}},
            "inputAttestations": [{"uri": "certificate.json", "digest": {"sha256": certificate}}],
            "verificationResult": "PASSED" if passed else "FAILED",
            "verifiedLevels": _baseline_marked(statement, levels),
        },
    )


def as_svr(statement: Statement, certificate: str) -> dict[str, Any]:
    """An in-toto simple verification result: the properties that hold.

    https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md
    """
    predicate = statement.predicate
    properties = [f"HARDENING_BATTERY_{gate.gate}_PASS" for gate in predicate.gates if gate.status == "pass"]
    if predicate.level != "none":
        properties.append(f"HARDENING_BATTERY_LEVEL_{predicate.level.upper()}")
    return _statement(
        statement,
        SVR_TYPE,
        {
            # The predicate knows no evidence; a field of the verifier's own is how the specification lets it in.
            "verifier": {"id": "urn:hardening-battery", "certificate": {"digest": {"sha256": certificate}}},
            "timeCreated": _time(statement),
            "properties": _baseline_marked(statement, properties),
        },
    )


def _statement(statement: Statement, kind: str, predicate: dict[str, Any]) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE,
        "subject": msgspec.to_builtins(statement.subject),
        "predicateType": kind,
        "predicate": predicate,
    }


def _time(statement: Statement) -> str:
    return str(msgspec.to_builtins(statement.predicate.time_verified))


def _baseline_marked(statement: Statement, names: list[str]) -> list[str]:
    """The names as they are, or marked so that no policy can take them for real ones; never nothing at all."""
    return [BASELINE, *(f"{BASELINE}_{name}" for name in names)] if statement.is_baseline else names


def _sha256(statement: Statement) -> str:
    return statement.subject[0].digest.get("sha256", "") if statement.subject else ""
