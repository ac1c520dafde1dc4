"""securesystemslib's DSSE envelope verifies our certificates."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey


def envelope(folder: Path, name: str) -> Envelope:
    return Envelope.from_dict(json.loads((folder / name).read_bytes())["dsseEnvelope"])


def key(folder: Path, name: str) -> SSlibKey:
    read = SSlibKey.from_crypto(load_pem_public_key((folder / name).read_bytes()))
    # The library only tries a key whose id is the signature's; ours name none.
    return SSlibKey("", read.keytype, read.scheme, read.keyval)


def test_securesystemslib_verifies_a_certificate(release: Path) -> None:
    found = envelope(release, "certificate.json")
    assert found.verify([key(release, "battery.pub")], 1)
    assert found.payload_type == "application/vnd.in-toto+json"


@pytest.mark.parametrize(
    ("name", "public"), [("tampered.json", "battery.pub"), ("certificate.json", "other.pub")]
)
def test_securesystemslib_refuses_a_changed_byte_and_another_key(
    release: Path, name: str, public: str
) -> None:
    with pytest.raises(VerificationError):
        envelope(release, name).verify([key(release, public)], 1)
