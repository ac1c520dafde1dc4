"""Steps 1 to 7: from untrusted bytes to the payload that the pinned key signed."""

from collections.abc import Callable

import msgspec

from battery.certificate.bundle import MEDIA_TYPE, SIZE_CAP, Bundle, NotABundle, read_bundle
from battery.certificate.canonical import NotCanonical, canonical
from battery.certificate.dsse import IN_TOTO, decode64, pae
from battery.certificate.keys import PublicKey
from battery.certificate.strict_json import NotStrict, parse
from battery.certificate.verification.outcome import Outcome, Refusal
from battery.model.certificate import STATEMENT_TYPE, Statement

Take = Callable[[int, str, Callable[[], str]], None]


def establish(data: bytes, key: PublicKey, take: Take) -> bytes:
    """The signed payload (steps 1 to 6).

    Raises: Refusal.
    """
    take(1, "size", lambda: _check_size(data))
    found: list[Bundle] = []
    take(2, "strict JSON", lambda: _read(data, found))
    bundle = found[0]
    take(3, "media type", lambda: _check_media_type(bundle))
    take(4, "one signature", lambda: _check_one_signature(bundle))
    signed: list[bytes] = []
    take(5, "signature", lambda: _check_signature(bundle, key, signed))
    take(6, "payload type", lambda: _check_payload_type(bundle))
    return signed[0]


def read_statement(payload: bytes, take: Take) -> Statement:
    """The statement in the payload (step 7).

    Raises: Refusal.
    """
    found: list[Statement] = []
    take(7, "canonical payload", lambda: _parse(payload, found))
    return found[0]


def _check_size(data: bytes) -> str:  # 1
    if not data:
        raise Refusal(Outcome.MALFORMED, "the file is empty")
    if len(data) > SIZE_CAP:
        raise Refusal(Outcome.MALFORMED, f"more than {SIZE_CAP} bytes")
    return f"{len(data)} bytes"


def _read(data: bytes, found: list[Bundle]) -> str:  # 2
    try:
        found.append(read_bundle(data))
    except (NotStrict, NotABundle) as error:
        raise Refusal(Outcome.MALFORMED, f"not a certificate bundle: {error}") from error
    return "one meaning only"


def _check_media_type(bundle: Bundle) -> str:  # 3
    if bundle.media_type != MEDIA_TYPE:
        raise Refusal(Outcome.MALFORMED, f'media type "{bundle.media_type[:100]}", expected {MEDIA_TYPE}')
    return MEDIA_TYPE


def _check_one_signature(bundle: Bundle) -> str:  # 4
    count = len(bundle.dsse_envelope.signatures)
    if count != 1:
        raise Refusal(Outcome.MALFORMED, f"{count} signatures, expected exactly one")
    return "exactly one"


def _decoded(text: str, name: str) -> bytes:
    try:
        return decode64(text)
    except ValueError as error:
        raise Refusal(Outcome.MALFORMED, f"the {name} {error}") from error


def _check_signature(bundle: Bundle, key: PublicKey, signed: list[bytes]) -> str:  # 5
    payload = _decoded(bundle.dsse_envelope.payload, "payload")
    signature = _decoded(bundle.dsse_envelope.signatures[0].sig, "signature")
    if not key.verifies(signature, pae(bundle.dsse_envelope.payload_type, payload)):
        raise Refusal(
            Outcome.NOT_TRUSTED,
            "the signature does not verify under the given key: another key signed, or a byte was changed",
        )
    signed.append(payload)
    return f"verifies under the key {key.hint}"


def _check_payload_type(bundle: Bundle) -> str:  # 6
    if bundle.dsse_envelope.payload_type != IN_TOTO:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f'payload type "{bundle.dsse_envelope.payload_type[:100]}", expected {IN_TOTO}',
        )
    return IN_TOTO


def _parse(payload: bytes, found: list[Statement]) -> str:  # 7
    try:
        value = parse(payload)
        if canonical(value) != payload:
            raise Refusal(Outcome.MALFORMED, "the payload is not in canonical form")
        statement = msgspec.convert(value, Statement)
    except (NotStrict, NotCanonical, msgspec.ValidationError) as error:
        raise Refusal(Outcome.MALFORMED, f"the payload is no certificate statement: {error}") from error
    if statement.type_ != STATEMENT_TYPE:
        raise Refusal(
            Outcome.MALFORMED, f'statement type "{statement.type_[:100]}", expected {STATEMENT_TYPE}'
        )
    for use in statement.predicate.waivers:
        if use.waiver.expires.tzinfo is None:
            raise Refusal(
                Outcome.MALFORMED, f"the waiver for {use.waiver.name} ends at a time without a zone"
            )
    found.append(statement)
    return "strict and canonical"
