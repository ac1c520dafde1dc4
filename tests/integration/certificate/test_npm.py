"""@sigstore/bundle and @sigstore/verify read and verify our certificates offline."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from battery.model.certificate import CERTIFICATE_TYPE

pytestmark = pytest.mark.real("node")
SCRIPT = Path(__file__).parents[2] / "assets" / "certificate" / "verify.cjs"


def node(
    modules: Path, folder: Path, certificate: str, key: str = "battery.pub", artifact: str = "shop.tar"
) -> subprocess.CompletedProcess[str]:
    sha256 = hashlib.sha256((folder / artifact).read_bytes()).hexdigest()
    arguments = [str(modules), str(folder / certificate), str(folder / key), CERTIFICATE_TYPE, sha256]
    return subprocess.run(["node", str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60)


def test_npm_accepts_a_real_certificate_for_its_artifact(npm_modules: Path, release: Path) -> None:
    result = node(npm_modules, release, "certificate.json")
    assert (result.returncode, result.stdout) == (0, "verified PASSED gold\n"), result.stderr


@pytest.mark.parametrize(
    ("certificate", "key", "artifact", "reason"),
    [
        ("tampered.json", "battery.pub", "shop.tar", "signature verification failed"),
        ("certificate.json", "other.pub", "shop.tar", "signature verification failed"),
        ("baseline.json", "battery.pub", "shop.tar", "predicate type"),
        ("certificate.json", "battery.pub", "other.tar", "another artifact"),
    ],
)
def test_npm_refuses_what_is_not_a_real_certificate_for_this_artifact(
    npm_modules: Path, release: Path, certificate: str, key: str, artifact: str, reason: str
) -> None:
    result = node(npm_modules, release, certificate, key, artifact)
    assert result.returncode != 0
    assert reason in result.stderr
