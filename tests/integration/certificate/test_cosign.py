"""cosign v3 verifies our certificates offline, with the command that our documents give.

`--insecure-ignore-tlog=true` says that the certificate stands in no public transparency log; without it cosign
fetches Sigstore's trusted root. The home folder is empty and every proxy is a closed port, so a verification
that reached out would fail.
"""

import os
import subprocess
from pathlib import Path

import pytest

from battery.model.certificate import BASELINE_TYPE, CERTIFICATE_TYPE

pytestmark = pytest.mark.real("cosign")
CLOSED = "http://127.0.0.1:9"


def cosign(
    folder: Path,
    certificate: str,
    *,
    key: str = "battery.pub",
    kind: str = CERTIFICATE_TYPE,
    artifact: str = "shop.tar",
    flags: tuple[str, ...] = ("--insecure-ignore-tlog=true",),
) -> subprocess.CompletedProcess[str]:
    command = ["cosign", "verify-blob-attestation", "--key", key, "--bundle", certificate, "--type", kind]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder / "home")}
    environ |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), CLOSED)
    return subprocess.run(
        [*command, *flags, artifact], cwd=folder, env=environ, capture_output=True, text=True, timeout=60
    )


def test_cosign_accepts_a_real_certificate_for_its_artifact(release: Path) -> None:
    result = cosign(release, "certificate.json")
    assert result.returncode == 0, result.stderr
    assert "Verified OK" in result.stderr


def test_cosign_refuses_a_tampered_certificate(release: Path) -> None:
    result = cosign(release, "tampered.json")
    assert result.returncode != 0
    assert "could not verify envelope" in result.stderr


def test_cosign_refuses_a_baseline_that_is_asked_for_as_a_real_certificate(release: Path) -> None:
    result = cosign(release, "baseline.json")
    assert result.returncode != 0
    assert f"invalid predicate type, expected {CERTIFICATE_TYPE} got {BASELINE_TYPE}" in result.stderr


def test_cosign_accepts_a_baseline_under_its_own_type_only(release: Path) -> None:
    assert cosign(release, "baseline.json", kind=BASELINE_TYPE).returncode == 0
    assert cosign(release, "certificate.json", kind=BASELINE_TYPE).returncode != 0


def test_cosign_refuses_another_artifact(release: Path) -> None:
    result = cosign(release, "certificate.json", artifact="other.tar")
    assert result.returncode != 0
    assert "do not match digests in statement" in result.stderr


def test_cosign_refuses_another_key(release: Path) -> None:
    assert cosign(release, "certificate.json", key="other.pub").returncode != 0


def test_cosign_would_reach_out_without_the_flag_so_the_flag_is_what_keeps_it_offline(release: Path) -> None:
    result = cosign(release, "certificate.json", flags=("--timeout=10s",))
    assert result.returncode != 0
    assert "trusted root" in result.stderr
