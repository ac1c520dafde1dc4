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

TOKENS = (
    "admin:admin:shop:admin-token-1,writer:writer:shop:writer-token-1,mallory:reader:shop:mallory-token-1"
)
_SNAPSHOTS = '"{python}", "-P", "-m", "battery.reference.snapshots"'

TARGET = """
[target]
url = "http://127.0.0.1:{port}"
live = "/api/health/live"
ready = "/api/health/ready"
status = "/api/health/status"
metrics = "/metrics"
environment = "scratch"
headers = {{ Authorization = "env:BATTERY_TEST_WRITER" }}

[process]
command = ["{python}", "-P", "-m", "battery.reference", "--port", "{port}", "--data", "data", "--supervise",
           "--pid-file", "worker.pid", "--log", "reference.log"{more}]
env = {{ DEPENDENCY_ADDRESS = "{{dependency.prices}}", REFERENCE_TOKENS = "env:BATTERY_TEST_TOKENS", REFERENCE_LOCKOUT_SECONDS = "1" }}
pid_file = "worker.pid"
supervised = true
data = "data"

[[dependency]]
name = "prices"
upstream = "{dependency}"
"""

CAPABILITIES = """
[capabilities.health]
cpu = {{ path = "/api/health/details", json = "cpu" }}
memory = {{ path = "/api/health/details", json = "memory" }}
disk = {{ path = "/api/health/details", json = "disk" }}
modules = {{ path = "/api/health/details", json = "modules" }}

[capabilities.restart]
count = {{ path = "/api/health/details", json = "restarts" }}

[capabilities.degradation]
level = {{ path = "/api/health/status", json = "state.level" }}
rest = "full"
pressure = "dependency"
spare = {{ path = "/api/suggestions?item=tea" }}
off = {{ status = [200], json = {{ degraded = true }} }}
essential = {{ path = "/api/orders?limit=1" }}
traffic = {{ path = "/api/quote?item=tea" }}

[capabilities.audit]
file = "data/audit.ndjson"
action = {{ path = "/api/records", method = "POST", body = '{{"id": "audit-{{number}}", "run": "capabilities"}}' }}
verify_command = ["{python}", "-P", "-m", "battery.reference.audit", "verify", "{{file}}"]
beside = ["audit.head", "audit.key"]

[capabilities.guardian]
abuse = {{ path = "/api/orders?limit=1", anonymous = true }}
credentials = {{ path = "/api/login", method = "POST", body = '{{"user": "admin", "password": "guess-{{number}}"}}', anonymous = true }}
isolate = {{ path = "/api/guardian/isolate", method = "POST", body = '{{"identity": "mallory"}}', headers = {{ Authorization = "env:BATTERY_TEST_ADMIN" }} }}
isolated = {{ path = "/api/orders?limit=1", headers = {{ Authorization = "env:BATTERY_TEST_MALLORY" }} }}
others = {{ path = "/api/orders?limit=1" }}
end_isolation = {{ path = "/api/guardian/release", method = "POST", body = '{{"identity": "mallory"}}', headers = {{ Authorization = "env:BATTERY_TEST_ADMIN" }} }}
lockdown = {{ path = "/api/guardian/lockdown", method = "POST", headers = {{ Authorization = "env:BATTERY_TEST_ADMIN" }} }}
locked = {{ path = "/api/records", method = "POST", body = '{{"id": "lockdown", "run": "capabilities"}}' }}
release = {{ path = "/api/guardian/release", method = "POST", headers = {{ Authorization = "env:BATTERY_TEST_ADMIN" }} }}

[capabilities.queue]
submit = {{ path = "/api/jobs", method = "POST", body = '{{"item": "tea"}}' }}
job = {{ path = "/api/jobs/{{id}}" }}
depth = {{ path = "/api/jobs", json = "depth" }}
capacity = {{ path = "/api/jobs", json = "capacity" }}
flood = 150

[capabilities.snapshots]
backup = [{snapshots}, "backup", "--data", "data", "--file", "{{backup}}"]
destroy = [{snapshots}, "destroy", "--data", "data", "--file", "{{backup}}"]
restore = [{snapshots}, "restore", "--data", "data", "--file", "{{backup}}"]
digest_command = [{snapshots}, "digest", "--data", "data"]
write = {{ path = "/api/records", method = "POST", body = '{{"id": "drill", "run": "capabilities"}}' }}
"""


@contextmanager
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *defects: str) -> Iterator[Definition]:
    """The definition, with its dependency running inside the block; the battery starts the target itself."""
    monkeypatch.setenv("BATTERY_TEST_TOKENS", TOKENS)
    for name in ("admin", "writer", "mallory"):
        monkeypatch.setenv(f"BATTERY_TEST_{name.upper()}", f"Bearer {name}-token-1")
    more = "".join(f', "--defect={name}"' for name in defects)
    with ReferenceDependency(tmp_path / "dependency") as dependency:
        text = (TARGET + CAPABILITIES).format(
            port=free_port(),
            python=sys.executable,
            more=more,
            dependency=dependency.address,
            snapshots=_SNAPSHOTS.format(python=sys.executable),
        )
        path = tmp_path / "battery.toml"
        path.write_text(text)
        yield load_definition(path)
