"""The Sigstore bundle v0.3: one DSSE envelope, signed with a key that the verifier pins."""

from typing import Any

import msgspec

from battery.certificate.dsse import IN_TOTO, encode64
from battery.certificate.strict_json import parse
from battery.model.frozen import Frozen

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SIZE_CAP = 16 * 1024 * 1024


class Wire(Frozen, frozen=True, kw_only=True, rename="camel"):
    """A part of the bundle, camel-cased as Sigstore spells it."""


class KeyHint(Wire, frozen=True, kw_only=True):
    """Names a key; never trusted."""

    hint: str


class Timestamps(Wire, frozen=True, kw_only=True):
    """Time-stamps by others; none in an offline bundle."""

    rfc3161_timestamps: tuple[dict[str, Any], ...] = ()


class VerificationMaterial(Wire, frozen=True, kw_only=True):
    """What a verifier with another root of trust would use; never trusted here."""

    public_key: KeyHint
    tlog_entries: tuple[dict[str, Any], ...] = ()
    timestamp_verification_data: Timestamps = Timestamps()


class Signature(Wire, frozen=True, kw_only=True):
    """One signature over the PAE bytes."""

    sig: str
    keyid: str = ""


class Envelope(Wire, frozen=True, kw_only=True):
    """The signed bytes with their type."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...]


class Bundle(Wire, frozen=True, kw_only=True):
    """certificate.json."""

    media_type: str
    verification_material: VerificationMaterial
    dsse_envelope: Envelope


class NotABundle(ValueError):
    """The value is JSON, but no bundle."""


def make_bundle(payload: bytes, signature: bytes, key_hint: str) -> bytes:
    """certificate.json for a signed payload."""
    bundle = Bundle(
        media_type=MEDIA_TYPE,
        verification_material=VerificationMaterial(public_key=KeyHint(hint=key_hint)),
        dsse_envelope=Envelope(
            payload=encode64(payload),
            payload_type=IN_TOTO,
            # No keyid: cosign skips a signature whose keyid is not the one that it makes up for its key.
            signatures=(Signature(sig=encode64(signature)),),
        ),
    )
    return msgspec.json.encode(bundle) + b"\n"


def read_bundle(data: bytes) -> Bundle:
    """The bundle in the bytes.

    Raises: NotStrict when it is not strict JSON, NotABundle when a field is absent, unknown or of a wrong type.
    """
    value = parse(data)
    try:
        return msgspec.convert(value, Bundle)
    except msgspec.ValidationError as error:
        raise NotABundle(str(error)) from error
