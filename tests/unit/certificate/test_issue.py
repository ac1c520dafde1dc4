"""Issuing: what is signed is what a verifier reads, or nothing is issued."""

import msgspec
import pytest

from battery.certificate.bundle import SIZE_CAP, read_bundle
from battery.certificate.dsse import decode64
from battery.certificate.issue import issue
from battery.errors import StoreError
from battery.model.certificate import EvidenceItem, EvidenceList
from tests.fakes.certified_run import SIGNER, CertifiedRun


def test_the_payload_in_the_bundle_is_the_payload_that_was_signed(certified: CertifiedRun) -> None:
    payload, data = issue(certified.statement, SIGNER)
    bundle = read_bundle(data)
    assert decode64(bundle.dsse_envelope.payload) == payload
    assert bundle.verification_material.public_key.hint == SIGNER.public.hint
    assert data.endswith(b"\n")


def test_a_certificate_larger_than_any_verifier_reads_is_not_issued(certified: CertifiedRun) -> None:
    item = EvidenceItem(name="x" * SIZE_CAP, sha256="", size=0, media_type="")
    evidence = EvidenceList(merkle_root="", items=(item,))
    predicate = msgspec.structs.replace(certified.statement.predicate, evidence=evidence)
    with pytest.raises(StoreError, match="larger than"):
        issue(msgspec.structs.replace(certified.statement, predicate=predicate), SIGNER)
