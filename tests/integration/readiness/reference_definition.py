"""The reference target with all its capabilities, as a battery.toml describes it, started by the battery itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.definitions.battery_toml import load_definition
from battery.model.definition import Definition
from battery.readiness.bootstrap.free_port import free_port
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.demo_instruments import WRITER, capabilities_toml, demo_environment

TARGET = """
[target]
url = "http://127.0.0.1:{port}"
live = "/api/health/live"
ready = "/api/health/ready"
status = "/api/health/status"
metrics = "/metrics"
environment = "scratch"
headers = {{ Authorization = "{writer}" }}

[process]
command = ["{python}", "-P", "-m", "battery.reference", "--port", "{port}", "--data", "data", "--supervise",
           "--pid-file", "worker.pid", "--log", "reference.log"{more}]
env = {{ DEPENDENCY_ADDRESS = "{{dependency.prices}}", REFERENCE_TOKENS = "env:REFERENCE_TOKENS", REFERENCE_LOCKOUT_SECONDS = "1" }}
pid_file = "worker.pid"
supervised = true
data = "data"

[[dependency]]
name = "prices"
upstream = "{dependency}"
"""


@contextmanager
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *defects: str) -> Iterator[Definition]:
    """The definition, with its dependency running inside the block; the battery starts the target itself."""
    for name, value in demo_environment().items():
        monkeypatch.setenv(name, value)
    more = "".join(f', "--defect={name}"' for name in defects)
    with ReferenceDependency(tmp_path / "dependency") as dependency:
        text = TARGET.format(
            port=free_port(), python=sys.executable, more=more, dependency=dependency.address, writer=WRITER
        )
        path = tmp_path / "battery.toml"
        path.write_text(text + capabilities_toml(tmp_path / "data"))
        yield load_definition(path)
