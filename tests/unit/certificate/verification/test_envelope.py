"""Steps 1 to 7: nothing but the bytes that the pinned key signed, in one spelling, gets through."""

import base64
import json
from typing import Any

import msgspec
import pytest

from battery.certificate.bundle import SIZE_CAP
from battery.certificate.canonical import canonical
from battery.certificate.dsse import encode64
from battery.certificate.verification import Outcome, verify
from tests.fakes.certified_run import (
    ABSENT,
    OTHER_SIGNER,
    SIGNER,
    CertifiedRun,
    certify,
    forge,
    make_demands,
    put,
    refusal,
    refused,
    seal,
)


def edited(certified: CertifiedRun, path: str, value: Any) -> bytes:
    """The bundle with another value in an unsigned or signed place, not signed again."""
    bundle = json.loads(certified.bundle)
    put(bundle, path, value)
    return json.dumps(bundle).encode()


def test_a_sound_certificate_is_accepted_and_every_step_says_why(certified: CertifiedRun) -> None:
    verification = verify(certified.bundle, make_demands(evidence=certified.items))
    assert verification.outcome is Outcome.ACCEPTED
    assert [step.number for step in verification.steps] == list(range(1, 19))
    assert all(step.reason for step in verification.steps)
    assert verification.statement == certified.statement


def test_an_empty_file_is_malformed() -> None:
    assert "empty" in refused(b"", Outcome.MALFORMED, 1)


def test_a_file_over_the_size_cap_is_malformed_before_it_is_parsed() -> None:
    assert "more than" in refused(b"[" * (SIZE_CAP + 1), Outcome.MALFORMED, 1)


def test_a_truncated_file_is_malformed_wherever_it_is_cut(certified: CertifiedRun) -> None:
    body = certified.bundle.rstrip()
    for length in range(1, len(body), 97):
        refused(body[:length], Outcome.MALFORMED, 2)


def test_deeply_nested_json_is_malformed() -> None:
    for data in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 5_000_000 + b"]" * 5_000_000):
        assert "nested" in refused(data, Outcome.MALFORMED, 2)


def test_a_duplicate_key_is_malformed_wherever_it_stands(certified: CertifiedRun) -> None:
    for key in (b'"mediaType":', b'"payload":', b'"sig":', b'"hint":'):
        data = certified.bundle.replace(key, key + b'"x",' + key, 1)
        assert "twice" in refused(data, Outcome.MALFORMED, 2)


@pytest.mark.parametrize(
    ("key", "twin"),
    [("payload", "Payload"), ("mediaType", "mediatype"), ("sig", "ſig"), ("keyid", "\u212aeyid")],
)
def test_a_key_that_differs_by_case_only_is_malformed(certified: CertifiedRun, key: str, twin: str) -> None:
    old = f'"{key}":'.encode()
    data = certified.bundle.replace(old, f'"{twin}":"x",'.encode() + old, 1)
    assert "differ by case only" in refused(data, Outcome.MALFORMED, 2)


def test_an_unknown_key_is_malformed_even_where_nothing_is_signed(certified: CertifiedRun) -> None:
    data = certified.bundle.replace(b'"hint":', b'"trusted":true,"hint":', 1)
    refused(data, Outcome.MALFORMED, 2)


def test_a_certificate_chain_in_place_of_the_key_hint_is_malformed(certified: CertifiedRun) -> None:
    material = {"certificate": {"rawBytes": "AAAA"}, "tlogEntries": []}
    refused(edited(certified, "verificationMaterial", material), Outcome.MALFORMED, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"null",
        b"[]",
        b"NaN",
        b"{}{}",
        b"1e999",
        b"9" * 5000,
        b'"\\ud800"',
        b'{"mediaType":"\\udfff"}',
        b'{"dsseEnvelope":{"payloadType":"\\ud800"}}',
    ],
)
def test_what_is_no_bundle_is_malformed(data: bytes) -> None:
    refused(data, Outcome.MALFORMED, 2)


def test_trailing_bytes_are_malformed_and_white_space_is_not(certified: CertifiedRun) -> None:
    refused(certified.bundle + b"x", Outcome.MALFORMED, 2)
    refused(certified.bundle + b"\0", Outcome.MALFORMED, 2)
    assert verify(certified.bundle + b" \n", make_demands()).statement == certified.statement


@pytest.mark.parametrize("field", ["mediaType", "dsseEnvelope.payloadType"])
def test_half_a_surrogate_pair_in_a_type_is_malformed_and_not_a_crash(
    certified: CertifiedRun, field: str
) -> None:
    refused(edited(certified, field, "\ud800"), Outcome.MALFORMED, 2)


@pytest.mark.parametrize(
    "media_type",
    [
        "application/vnd.dev.sigstore.bundle.v0.2+json",
        "application/vnd.dev.sigstore.bundle.v0.3+JSON",
        "application/vnd.dev.sigstore.bundle+json;version=0.3",
        "",
    ],
)
def test_another_media_type_is_malformed(certified: CertifiedRun, media_type: str) -> None:
    refused(edited(certified, "mediaType", media_type), Outcome.MALFORMED, 3)


def test_no_signature_is_malformed(certified: CertifiedRun) -> None:
    assert "0 signatures" in refused(edited(certified, "dsseEnvelope.signatures", []), Outcome.MALFORMED, 4)


def test_two_signatures_are_malformed_even_when_both_verify(certified: CertifiedRun) -> None:
    one = json.loads(certified.bundle)["dsseEnvelope"]["signatures"][0]
    data = edited(certified, "dsseEnvelope.signatures", [one, one])
    assert "2 signatures" in refused(data, Outcome.MALFORMED, 4)


@pytest.mark.parametrize("field", ["dsseEnvelope.payload", "dsseEnvelope.signatures.0.sig"])
@pytest.mark.parametrize(
    "respell",
    [
        lambda text: text.rstrip("=") + "==="[: 4 - len(text.rstrip("=")) % 4 - 1],
        lambda text: text.replace("+", "-").replace("/", "_") + "-",
        lambda text: text[:8] + "\n" + text[8:],
        lambda text: text + "====",
        lambda text: text + "é",
        lambda text: " " + text,
    ],
)
def test_base64_in_another_spelling_is_malformed(certified: CertifiedRun, field: str, respell: Any) -> None:
    bundle = json.loads(certified.bundle)
    text = bundle["dsseEnvelope"]["payload"] if field.endswith("payload") else None
    text = text or bundle["dsseEnvelope"]["signatures"][0]["sig"]
    refused(edited(certified, field, respell(text)), Outcome.MALFORMED, 5)


def test_base64_with_loose_bits_is_malformed_though_it_decodes_to_the_same_bytes() -> None:
    certified = next(c for c in map(_padded, range(40)) if c is not None)
    text = json.loads(certified.bundle)["dsseEnvelope"]["payload"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    place = len(text.rstrip("=")) - 1
    loose = text[:place] + alphabet[alphabet.index(text[place]) + 1] + text[place + 1 :]
    assert base64.b64decode(loose) == certified.payload
    refused(edited(certified, "dsseEnvelope.payload", loose), Outcome.MALFORMED, 5)


def _padded(length: int) -> CertifiedRun | None:
    from tests.fakes.certified_run import make_plan

    certified = certify(make_plan(nonce="n" * length))
    return certified if len(certified.payload) % 3 else None


def test_another_key_does_not_verify(certified: CertifiedRun) -> None:
    demands = make_demands(key=OTHER_SIGNER.public)
    assert "does not verify" in refused(certified.bundle, Outcome.NOT_TRUSTED, 5, demands)


def test_a_certificate_by_another_signer_is_refused_though_its_hint_names_the_pinned_key() -> None:
    forged = certify(signer=OTHER_SIGNER).bundle.replace(
        OTHER_SIGNER.public.hint.encode(), SIGNER.public.hint.encode()
    )
    refused(forged, Outcome.NOT_TRUSTED, 5)


def test_a_key_that_the_bundle_brings_along_is_not_even_read(certified: CertifiedRun) -> None:
    key = {"hint": SIGNER.public.hint, "rawBytes": encode64(OTHER_SIGNER.public.pem)}
    data = edited(certified, "verificationMaterial.publicKey", key)
    refused(data, Outcome.MALFORMED, 2)


UNSIGNED: dict[str, list[Any]] = {
    "verificationMaterial.publicKey.hint": ["", "x", OTHER_SIGNER.public.hint],
    "verificationMaterial.tlogEntries": [[], [{"logIndex": "1", "inclusionProof": {"rootHash": "AA=="}}]],
    "verificationMaterial.timestampVerificationData": [
        {},
        {"rfc3161Timestamps": [{"signedTimestamp": "AA"}]},
    ],
    "dsseEnvelope.signatures.0.keyid": ["", "../../etc/passwd", OTHER_SIGNER.public.hint],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in UNSIGNED.items() for value in values]
)
def test_unsigned_fields_change_nothing(certified: CertifiedRun, path: str, value: Any) -> None:
    plain = verify(certified.bundle, make_demands())
    other = verify(edited(certified, path, value), make_demands())
    assert other.outcome is Outcome.ACCEPTED
    assert (other.statement, other.certificate) == (plain.statement, plain.certificate)
    assert other.steps[1:] == plain.steps[1:]  # step 1 tells the size


def test_every_single_byte_of_the_payload_is_signed(certified: CertifiedRun) -> None:
    demands = make_demands()
    head, _, tail = certified.bundle.partition(encode64(certified.payload).encode())
    changed = bytearray(certified.payload)
    for place in range(len(changed)):
        changed[place] ^= 1 << place % 8
        verification = verify(head + base64.b64encode(changed) + tail, demands)
        assert (verification.outcome, len(verification.steps)) == (Outcome.NOT_TRUSTED, 5), place
        changed[place] = certified.payload[place]


def test_every_single_byte_of_the_signature_counts(certified: CertifiedRun) -> None:
    demands = make_demands()
    text = json.loads(certified.bundle)["dsseEnvelope"]["signatures"][0]["sig"]
    head, _, tail = certified.bundle.partition(text.encode())
    signature = base64.b64decode(text)
    for place in range(len(signature)):
        for bit in range(8):
            changed = bytearray(signature)
            changed[place] ^= 1 << bit
            verification = verify(head + base64.b64encode(changed) + tail, demands)
            assert (verification.outcome, len(verification.steps)) == (Outcome.NOT_TRUSTED, 5), place


@pytest.mark.parametrize(
    "signature", [b"", b"\0", b"\x30\x80", b"\x30\x06\x02\x01\x00\x02\x01\x00", b"\xff" * 5000]
)
def test_a_signature_that_is_none_is_refused(certified: CertifiedRun, signature: bytes) -> None:
    data = edited(certified, "dsseEnvelope.signatures.0.sig", encode64(signature))
    refused(data, Outcome.NOT_TRUSTED, 5)


def test_the_payload_type_is_signed_so_it_cannot_be_swapped(certified: CertifiedRun) -> None:
    refused(edited(certified, "dsseEnvelope.payloadType", "text/plain"), Outcome.NOT_TRUSTED, 5)


def test_a_payload_of_another_type_is_refused_though_its_signature_holds(certified: CertifiedRun) -> None:
    assert "payload type" in refused(seal(certified.payload, kind="text/plain"), Outcome.NOT_TRUSTED, 6)


def test_a_checkpoint_of_the_ledger_is_no_certificate(certified: CertifiedRun) -> None:
    from battery.certificate.ledger import CHECKPOINT_TYPE

    refused(seal(certified.payload, kind=CHECKPOINT_TYPE), Outcome.NOT_TRUSTED, 6)


@pytest.mark.parametrize(
    "respell",
    [
        lambda payload: payload + b"\n",
        lambda payload: b" " + payload,
        lambda payload: payload.replace(b'":', b'": ', 1),
        lambda payload: (
            json.dumps(json.loads(payload), separators=(",", ":")).encode().replace(b":800,", b":800.0,", 1)
        ),
        lambda payload: json.dumps(
            dict(reversed(json.loads(payload).items())), separators=(",", ":")
        ).encode(),
        lambda payload: payload.replace(b"shop.tar", b"sho\\u0070.tar", 1),
    ],
)
def test_a_payload_that_is_not_canonical_is_malformed_though_it_is_signed(
    certified: CertifiedRun, respell: Any
) -> None:
    payload = respell(certified.payload)
    assert payload != certified.payload
    assert "canonical" in refused(seal(payload), Outcome.MALFORMED, 7)


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"[]", b"null", b"\xff", b"{", b'{"a":1,"a":1}', b"1e400", b"9" * 30]
)
def test_a_signed_payload_that_is_no_statement_is_malformed(payload: bytes) -> None:
    refused(seal(payload), Outcome.MALFORMED, 7)


MALFORMED: dict[str, list[Any]] = {
    "_type": ["https://in-toto.io/Statement/v0.1", "", 1],
    "subject": [{}, None, [{"name": "x"}]],
    "predicateType": [1, ABSENT],
    "predicate.unknown": ["a field that this version does not know"],
    "predicate.level": ["platinum", None, ABSENT],
    "predicate.verificationResult": ["passed", ABSENT],
    "predicate.gates.0.status": ["ok", None],
    "predicate.gates.0.rules.0.value": ["1", True],
    "predicate.gates.0.rules.0.operator": ["!="],
    "predicate.gates.0.rules.0.n": [1.5, "1"],
    "predicate.timeVerified": ["2026-03-01T12:00:00", "yesterday", 0, "2026-13-01T00:00:00Z", None],
    "predicate.validUntil": ["2026-03-08T12:00:00", "9999-12-31T23:59:60Z", "10000-01-01T00:00:00Z"],
    "predicate.run.started": ["2026-03-01T12:00:00"],
    "predicate.run.finished": ["2026-03-01T12:00:00"],
    "predicate.run.mode": ["Real", ABSENT],
    "predicate.run.seed": ["7", 7.5],
    "predicate.evidence.items": [{}, None, ABSENT],
    "predicate.run.harness": [{"python": 3}],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in MALFORMED.items() for value in values]
)
def test_a_signed_field_of_the_wrong_kind_is_malformed(
    certified: CertifiedRun, path: str, value: Any
) -> None:
    refused(forge(certified, {path: value}), Outcome.MALFORMED, 7)


def test_a_waiver_that_ends_at_a_time_without_a_zone_is_malformed(certified: CertifiedRun) -> None:
    waiver = {"rule": "G1:coverage.line", "reason": "r", "owner": "o", "expires": "2026-04-01T00:00:00"}
    use = {"waiver": waiver, "state": "unused", "detail": ""}
    assert "without a zone" in refused(forge(certified, {"predicate.waivers": [use]}), Outcome.MALFORMED, 7)


def test_a_number_that_no_float_can_hold_is_malformed(certified: CertifiedRun) -> None:
    for number in (b"1e999", b"-1e999", b"9" * 400, b"9007199254740993"):
        payload = certified.payload.replace(b'"seed":7', b'"seed":' + number, 1)
        refused(seal(payload), Outcome.MALFORMED, 7)


def test_a_signed_duplicate_key_and_a_signed_case_twin_are_malformed(certified: CertifiedRun) -> None:
    for key in (b'"level":"none",', b'"Level":"gold",'):
        refused(seal(certified.payload.replace(b'"level":', key + b'"level":', 1)), Outcome.MALFORMED, 7)


def test_reasons_stay_on_one_printable_line_whatever_the_certificate_holds(certified: CertifiedRun) -> None:
    evil = "x\n ACCEPTED: every step holds\x1b[2J\u202e" + "y" * 1000
    for path in ("mediaType", evil):
        reason = refusal(edited(certified, path, evil)).reason
        assert reason.isprintable()
        assert len(reason) < 600
    verification = verify(forge(certified, {"subject.0.name": evil}), make_demands())
    assert all(step.reason.isprintable() for step in verification.steps)


def test_the_statement_is_only_handed_out_once_its_signature_held(certified: CertifiedRun) -> None:
    refused_early = verify(certified.bundle, make_demands(key=OTHER_SIGNER.public))
    assert refused_early.statement is None
    assert refused_early.certificate == ""
    refused_late = verify(certified.bundle, make_demands(nonce="another"))
    assert refused_late.statement == certified.statement


def test_the_payload_is_kept_as_bytes_and_canonical(certified: CertifiedRun) -> None:
    assert canonical(certified.statement) == certified.payload
    assert msgspec.json.decode(certified.payload)["predicate"]["level"] == "gold"
