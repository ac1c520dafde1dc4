"""The demo's battery.toml for scans and readiness: who may call the reference target, and where it keeps what they look at."""

import secrets
import sys
from pathlib import Path

from battery.reference.demo import toml_string

_CALLERS = (
    ("admin", "admin", "north", ""),
    ("writer", "writer", "north", ""),
    ("reader", "reader", "north", ""),
    ("stranger", "writer", "south", ""),
    ("former", "admin", "north", ":2020-01-01"),
)
WRITER = "env:REFERENCE_WRITER"
_ACCESS = """
[[security.access]]
name = "administration"
path = "/api/admin/callers"
allowed = ["admin"]
[[security.access]]
name = "audit"
path = "/api/audit"
allowed = ["admin"]
[[security.access]]
name = "notes"
path = "/api/tenants/north/notes"
allowed = ["admin", "writer", "reader"]
[[security.access]]
name = "place-order"
path = "/api/orders"
method = "POST"
headers = { Content-Type = "application/json" }
body = '{"item": "bolt", "quantity": 1, "unit_price_cents": 1}'
allowed = ["admin", "writer", "stranger"]
may_run = true
"""
_WATCHED = """
[capabilities.health]
cpu = { path = "/api/health/details", json = "cpu" }
memory = { path = "/api/health/details", json = "memory" }
disk = { path = "/api/health/details", json = "disk" }
modules = { path = "/api/health/details", json = "modules" }

[capabilities.restart]
count = { path = "/api/health/details", json = "restarts" }

[capabilities.degradation]
level = { path = "/api/health/status", json = "state.level" }
rest = "full"
pressure = "dependency"
spare = { path = "/api/suggestions?item=tea" }
off = { status = [200], json = { degraded = true } }
essential = { path = "/api/orders?limit=1" }
traffic = { path = "/api/quote?item=tea" }
"""
_GUARDED = """
[capabilities.guardian]
abuse = { path = "/api/orders?limit=1", anonymous = true }
credentials = { path = "/api/login", method = "POST", body = '{"user": "admin", "password": "guess-{number}"}', anonymous = true }
isolate = { path = "/api/guardian/isolate", method = "POST", body = '{"identity": "reader"}', headers = { Authorization = "env:REFERENCE_ADMIN" } }
isolated = { path = "/api/orders?limit=1", headers = { Authorization = "env:REFERENCE_READER" } }
others = { path = "/api/orders?limit=1" }
end_isolation = { path = "/api/guardian/release", method = "POST", body = '{"identity": "reader"}', headers = { Authorization = "env:REFERENCE_ADMIN" } }
lockdown = { path = "/api/guardian/lockdown", method = "POST", headers = { Authorization = "env:REFERENCE_ADMIN" } }
locked = { path = "/api/records", method = "POST", body = '{"id": "lockdown", "run": "capabilities"}' }
release = { path = "/api/guardian/release", method = "POST", headers = { Authorization = "env:REFERENCE_ADMIN" } }

[capabilities.queue]
submit = { path = "/api/jobs", method = "POST", body = '{"item": "tea"}' }
job = { path = "/api/jobs/{id}" }
depth = { path = "/api/jobs", json = "depth" }
capacity = { path = "/api/jobs", json = "capacity" }
flood = 150
"""


def demo_environment() -> dict[str, str]:
    """Fresh tokens: what the service is told of its callers, and the header of each of them; and how long it locks out.

    The battery waits for the end of each lockout that it provokes: two seconds show the same as the usual five.
    """
    tokens = {name: secrets.token_hex(16) for name, *_ in _CALLERS}
    told = [f"{name}:{role}:{tenant}:{tokens[name]}{until}" for name, role, tenant, until in _CALLERS]
    headers = {f"REFERENCE_{name.upper()}": f"Bearer {token}" for name, token in tokens.items()}
    return {"REFERENCE_TOKENS": ",".join(told), "REFERENCE_LOCKOUT_SECONDS": "2", **headers}


def demo_instruments_toml(data: Path) -> str:
    """The tables of scans, bootstrap, documents, observability and capabilities."""
    log = toml_string(str(data / "reference.log"))
    return _readiness(log) + _security(log) + _ACCESS + capabilities_toml(data)


def _readiness(log: str) -> str:
    """Bootstrap, documents and observability."""
    python = toml_string(sys.executable)
    return f"""
[bootstrap]
command = [{python}, "project", "serve", "--port", "{{port}}", "--data", "data"]
ready = "/api/health/ready"

[docs]
quickstart = "docs/quickstart.md"
runbooks = "docs/runbooks"
openapi = "docs/openapi.json"
env = {{ PYTHON = {python} }}

[observability]
rules = ["alerts/service.yml", "alerts/slo.yml"]
objectives = ["alerts/objectives.toml"]
dashboards = ["dashboards/*.json"]
logs = [{log}]
ready_needs = ["prices"]
[observability.alert]
name = "ReferenceDependencyDown"
dependency = "prices"
[observability.tracing]
header = "x-request-id"
"""


def _security(log: str) -> str:
    """What the scans read, and the callers they try."""
    return f"""
[security]
openapi = "/openapi.json"
logs = [{log}]
login = {{ path = "/api/login", body = '{{"user": "nobody", "password": "a-wrong-one"}}' }}

[[security.identity]]
name = "admin"
headers = {{ Authorization = "env:REFERENCE_ADMIN" }}
[[security.identity]]
name = "writer"
kind = "wrong_role"
headers = {{ Authorization = "env:REFERENCE_WRITER" }}
[[security.identity]]
name = "reader"
kind = "wrong_role"
headers = {{ Authorization = "env:REFERENCE_READER" }}
[[security.identity]]
name = "stranger"
kind = "other_tenant"
headers = {{ Authorization = "env:REFERENCE_STRANGER" }}
[[security.identity]]
name = "former"
kind = "expired"
headers = {{ Authorization = "env:REFERENCE_FORMER" }}
"""


def capabilities_toml(data: Path) -> str:
    """Where each capability shows itself; the drill works on the service's own data folder."""
    return _WATCHED + _audit(data) + _GUARDED + _snapshots(data)


def _audit(data: Path) -> str:
    python, audit = toml_string(sys.executable), toml_string(str(data / "audit.ndjson"))
    return f"""
[capabilities.audit]
file = {audit}
action = {{ path = "/api/records", method = "POST", body = '{{"id": "audit-{{number}}", "run": "capabilities"}}' }}
verify_command = [{python}, "-P", "-m", "battery.reference.audit", "verify", "{{file}}"]
beside = ["audit.head", "audit.key"]
"""


def _snapshots(data: Path) -> str:
    folder = toml_string(str(data))
    snapshots = f'{toml_string(sys.executable)}, "-P", "-m", "battery.reference.snapshots"'
    return f"""
[capabilities.snapshots]
backup = [{snapshots}, "backup", "--data", {folder}, "--file", "{{backup}}"]
destroy = [{snapshots}, "destroy", "--data", {folder}, "--file", "{{backup}}"]
restore = [{snapshots}, "restore", "--data", {folder}, "--file", "{{backup}}"]
digest_command = [{snapshots}, "digest", "--data", {folder}]
write = {{ path = "/api/records", method = "POST", body = '{{"id": "drill", "run": "capabilities"}}' }}
"""
