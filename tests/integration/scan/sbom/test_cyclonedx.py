"""The bills of real sources: strictly valid, the same bytes in every process, and the graph that cyclonedx-py sees."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from battery.scan.sbom.building import build_sbom

ASSETS = Path(__file__).parents[3] / "assets" / "sbom"
TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOCKS = ("uv.lock", "poetry.lock", "pylock.toml", "requirements.txt", "package-lock.json")
BUILD = """
import sys
from datetime import datetime
from pathlib import Path
from battery.scan.sbom.building import build_sbom
tree, time = sys.argv[1:]
sys.stdout.buffer.write(build_sbom(Path(tree), datetime.fromisoformat(time)).document)
"""


def environment() -> Path:
    """The environment that runs these tests."""
    return Path(sys.prefix)


def in_another_process(tree: Path, seed: str) -> bytes:
    """The bill as a process with other hashes and folders writes it."""
    command = [sys.executable, "-c", BUILD, str(tree), TIME.isoformat()]
    return subprocess.run(
        command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
    ).stdout


@pytest.mark.parametrize("lock", LOCKS)
def test_the_bill_of_a_real_lock_is_valid_and_the_same_in_every_process(lock: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    shutil.copy(ASSETS / lock, tree)
    found = build_sbom(tree, TIME)
    assert found.incomplete == ()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(found.document.decode()) is None
    assert in_another_process(tree, "1") == found.document


def test_the_bill_of_the_environment_is_valid_and_the_same_in_every_process() -> None:
    found = build_sbom(environment(), TIME)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(found.document.decode()) is None
    assert in_another_process(environment(), "1") == found.document


@pytest.mark.real("cyclonedx-py")
def test_the_graph_of_the_environment_is_that_of_cyclonedx_py(tmp_path: Path) -> None:
    output = tmp_path / "theirs.json"
    command = [
        "cyclonedx-py",
        "environment",
        "--sv",
        "1.6",
        "--of",
        "JSON",
        "-o",
        str(output),
        sys.executable,
    ]
    # The interpreter's own path counts, not one that this test session was given.
    outside = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run(command, env=outside, check=True, capture_output=True)
    theirs = graph(json.loads(output.read_bytes()))
    assert len(theirs[0]) > 50
    assert graph(json.loads(build_sbom(environment(), TIME).document)) == theirs


def graph(
    document: dict[str, Any],
) -> tuple[set[tuple[str, str]], set[tuple[tuple[str, str], tuple[str, str]]]]:
    """The components by normalised name and version, and the edges between them; the project itself is none."""
    names = {
        entry["bom-ref"]: (re.sub(r"[-_.]+", "-", entry["name"]).lower(), entry["version"])
        for entry in document["components"]
    }
    edges = {
        (names[entry["ref"]], names[on])
        for entry in document["dependencies"]
        if entry["ref"] in names
        for on in entry.get("dependsOn", [])
    }
    return set(names.values()), edges
