"""Certificates on disk, as a release pipeline would hand them to tools that we did not write."""

from pathlib import Path

import pytest

from battery.certificate.dsse import encode64
from tests.fakes.certified_run import ARTIFACT, OTHER_SIGNER, SIGNER, certify, make_plan


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with an artifact, its certificate, damaged and foreign ones, and the public keys."""
    certified, baseline = certify(), certify(make_plan(mode="baseline"))
    raised = certified.payload.replace(b'"level":"gold"', b'"level":"bold"', 1)
    tampered = certified.bundle.replace(encode64(certified.payload).encode(), encode64(raised).encode())
    files = {
        "shop.tar": ARTIFACT,
        "other.tar": ARTIFACT + b"!",
        "certificate.json": certified.bundle,
        "tampered.json": tampered,
        "baseline.json": baseline.bundle,
        "battery.pub": SIGNER.public.pem,
        "other.pub": OTHER_SIGNER.public.pem,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path
