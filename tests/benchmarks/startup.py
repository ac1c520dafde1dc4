"""How long a person or a pipeline waits for `battery --help` and `battery verify`, against Python itself and cosign."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.interleaved import print_table, time_in_turns

BATTERY = str(Path(sys.executable).with_name("battery"))
TOOLS = Path(os.environ.get("BATTERY_TOOLS", Path.home() / ".cache/hardening-battery/tools"))
COSIGN = shutil.which("cosign") or shutil.which("cosign", path=TOOLS / "bin")

# The demo is undecided until every instrument is built; verifying it takes all 18 steps all the same.
UNDECIDED = {"battery verify": (0, 2), "battery verify --evidence": (0, 2)}


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory(prefix="battery-bench-") as name:
        folder = Path(name)
        artifact = folder / "artifact"
        artifact.write_bytes(b"what is certified")
        certify = [BATTERY, "certify", "--demo", "--subject-file", str(artifact)]
        done = subprocess.run(certify, cwd=folder, capture_output=True, check=False, text=True)
        if done.returncode not in (0, 1, 2):
            sys.exit(f"the demo failed:\n{done.stderr}")
        _startup(folder)
        _verify(folder, artifact)


def _startup(folder: Path) -> None:
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "battery --help": [BATTERY, "--help"],
        "battery verify": [
            BATTERY,
            "verify",
            "artifacts/latest/certificate.json",
            "--key",
            "artifacts/throwaway.pub",
        ],
        "battery certify --baseline": [BATTERY, "certify", "--baseline", "--out", "baselines"],
    }
    print_table("start-up", time_in_turns(commands, folder, UNDECIDED), "python -c pass")


def _verify(folder: Path, artifact: Path) -> None:
    certificate, key = "artifacts/latest/certificate.json", "artifacts/throwaway.pub"
    commands = {
        "battery verify": [BATTERY, "verify", certificate, "--key", key, "--subject-file", str(artifact)],
        "battery verify --evidence": [
            BATTERY,
            "verify",
            certificate,
            "--key",
            key,
            "--evidence",
            "artifacts/latest",
        ],
    }
    if COSIGN is None:
        print("\ncosign is not installed (.ci/install-tools): no peer to compare with")
        return
    kind = ["--type", "urn:hardening-battery:certificate:v1"]
    commands["cosign verify-blob-attestation"] = [
        *[COSIGN, "verify-blob-attestation", "--key", key, "--bundle", certificate, *kind],
        *["--insecure-ignore-tlog=true", str(artifact)],
    ]
    print_table("verifying one certificate", time_in_turns(commands, folder, UNDECIDED), "battery verify")


if __name__ == "__main__":
    main()
