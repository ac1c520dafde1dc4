"""openssl verifies our signature over PAE bytes that this test puts together by itself."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.real("openssl")


def openssl(folder: Path, certificate: str, key: str) -> str:
    envelope = json.loads((folder / certificate).read_bytes())["dsseEnvelope"]
    kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
    header = f"DSSEv1 {len(kind)} ".encode() + kind + f" {len(payload)} ".encode()
    (folder / "pae").write_bytes(header + payload)
    (folder / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = ["openssl", "dgst", "-sha256", "-verify", key, "-signature", "sig", "pae"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60).stdout.strip()


def test_openssl_verifies_a_certificate(release: Path) -> None:
    assert openssl(release, "certificate.json", "battery.pub") == "Verified OK"


@pytest.mark.parametrize(
    ("certificate", "key"), [("tampered.json", "battery.pub"), ("certificate.json", "other.pub")]
)
def test_openssl_refuses_a_changed_byte_and_another_key(release: Path, certificate: str, key: str) -> None:
    assert openssl(release, certificate, key) == "Verification failure"
