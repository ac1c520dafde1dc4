"""The examination: what a machine has and lacks for a run of the battery."""

import os
import platform
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from battery.definitions.battery_toml import load_definition
from battery.definitions.gates import load_gates
from battery.definitions.profiles import load_profiles
from battery.errors import BatteryError
from battery.model.definition import Definition
from battery.model.frozen import Frozen
from battery.redaction import secrets_of

_TOOLS = {
    "toxiproxy-server": "injects network faults",
    "cosign": "verifies certificates without this battery",
    "promtool": "checks alert rules as Prometheus does",
    "git": "makes clean checkouts for the bootstrap drill",
}
_CONNECT_SECONDS = 2.0


class Item(Frozen, frozen=True, kw_only=True):
    """One thing that was looked at; a needed one must be ok before a run."""

    name: str
    ok: bool
    needed: bool
    detail: str


def examine(config: Path, artifacts: Path) -> tuple[Item, ...]:
    """Everything that a run would meet, in the order in which it would meet it."""
    items = [
        Item(
            name="python", ok=True, needed=True, detail=f"{platform.python_version()}, {os.cpu_count()} cores"
        ),
        _artifacts(artifacts),
        _key(),
    ]
    items += _configuration(config)
    items += [_tool(name, purpose) for name, purpose in _TOOLS.items()]
    return tuple(items)


def _artifacts(folder: Path) -> Item:
    place = folder if folder.exists() else folder.absolute().parent
    try:
        with tempfile.NamedTemporaryFile(dir=place):
            free = shutil.disk_usage(place).free // 2**20
    except OSError as error:
        return Item(
            name="artifacts", ok=False, needed=True, detail=f"{folder}: cannot be written: {error.strerror}"
        )
    return Item(name="artifacts", ok=free > 100, needed=True, detail=f"{folder}: writable, {free} MiB free")


def _key() -> Item:
    path = Path("battery.key")
    detail = (
        f"{path} found" if path.exists() else "no battery.key here: `battery keygen` makes one, or give --key"
    )
    return Item(name="signing key", ok=path.exists(), needed=False, detail=detail)


def _configuration(config: Path) -> list[Item]:
    if not config.exists():
        detail = f"no {config}: `battery init` writes one"
        return [Item(name="battery.toml", ok=False, needed=False, detail=detail)]
    try:
        definition = load_definition(config)
        gates = load_gates(definition.gates, config.parent)
        load_profiles(definition.profiles, config.parent)
    except BatteryError as error:
        return [Item(name="battery.toml", ok=False, needed=True, detail=str(error))]
    loosened = [change.rule for change in gates.changes if change.loosened]
    detail = f"{config}: sound" + (f", loosened rules: {', '.join(loosened)}" if loosened else "")
    return [
        Item(name="battery.toml", ok=True, needed=True, detail=detail),
        _variables(definition),
        _target(definition),
    ]


def _variables(definition: Definition) -> Item:
    values = [*definition.target.headers.values()]
    values += [value for endpoint in definition.endpoint for value in endpoint.headers.values()]
    names = {value.removeprefix("env:") for value in values if value.startswith("env:")}
    missing = sorted(name for name in names if name not in os.environ)
    detail = f"not set: {', '.join(missing)}" if missing else f"{len(names)} referred to, all set"
    weak = (
        len(names)
        - len(missing)
        - len(secrets_of(definition, {k: v for k, v in os.environ.items() if k in names}))
    )
    if weak > 0:
        detail += f"; {weak} too short to be masked in artifacts"
    return Item(name="variables", ok=not missing, needed=True, detail=detail)


def _target(definition: Definition) -> Item:
    parts = urlsplit(definition.target.url)
    if not parts.hostname:
        return Item(name="target", ok=False, needed=False, detail="no [target] url")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), _CONNECT_SECONDS).close()
    except OSError as error:
        return Item(name="target", ok=False, needed=False, detail=f"{definition.target.url}: {error}")
    return Item(name="target", ok=True, needed=False, detail=f"{definition.target.url}: accepts connections")


def _tool(name: str, purpose: str) -> Item:
    path = shutil.which(name)
    return Item(name=name, ok=path is not None, needed=False, detail=path or f"not on PATH ({purpose})")
