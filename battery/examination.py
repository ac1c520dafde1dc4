"""The examination: what a machine has and lacks for a run of the battery."""

import os
import platform
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from battery import clock
from battery.definitions.battery_toml import load_definition
from battery.definitions.gates import load_gates
from battery.definitions.profiles import load_profiles
from battery.definitions.waivers import load_waivers
from battery.errors import BatteryError
from battery.model.definition import Definition
from battery.model.frozen import Frozen
from battery.redaction import SHORTEST, variables_of

_TOOLS = {
    "toxiproxy-server": "injects network faults",
    "cosign": "verifies certificates without this battery",
    "promtool": "checks alert rules as Prometheus does",
    "git": "makes clean checkouts for the bootstrap drill",
}
_CONNECT_SECONDS = 2.0
_LEAST_FREE_MIB = 100


class Item(Frozen, frozen=True, kw_only=True):
    """One thing that was looked at; a needed one must be ok before a run."""

    name: str
    ok: bool
    needed: bool
    detail: str


def examine(config: Path, artifacts: Path, *, asked_for: bool = False) -> tuple[Item, ...]:
    """Everything that a run would meet, in the order in which it would meet it.

    `asked_for`: somebody named the configuration, so that its absence is a fault.
    """
    python = f"{platform.python_version()}, {os.cpu_count()} cores"
    items = [Item(name="python", ok=True, needed=True, detail=python), _artifacts(artifacts), _key()]
    items += _configuration(config, asked_for=asked_for)
    items += [_tool(name, purpose) for name, purpose in _TOOLS.items()]
    return tuple(items)


def _artifacts(folder: Path) -> Item:
    place = folder.absolute()
    while not os.path.lexists(place):
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place):
            free = shutil.disk_usage(place).free // 2**20
    except OSError as error:
        problem = f"{folder}: cannot be written: {error.strerror}"
        return Item(name="artifacts", ok=False, needed=True, detail=problem)
    enough = free >= _LEAST_FREE_MIB
    detail = f"{folder}: writable, {free} MiB free" + ("" if enough else f", a run needs {_LEAST_FREE_MIB}")
    return Item(name="artifacts", ok=enough, needed=True, detail=detail)


def _key() -> Item:
    path = Path("battery.key")
    missing = "no battery.key here: `battery keygen` makes one, or give --key"
    detail = f"{path} found" if path.is_file() else missing
    return Item(name="signing key", ok=path.is_file(), needed=False, detail=detail)


def _configuration(config: Path, *, asked_for: bool) -> list[Item]:
    if not os.path.lexists(config):
        detail = f"no {config}: `battery init` writes one"
        return [Item(name="battery.toml", ok=False, needed=asked_for, detail=detail)]
    base = config.absolute().parent
    try:
        definition = load_definition(config)
        gates = load_gates(definition.gates, base, str(config))
        load_profiles(definition.profiles, base)
    except BatteryError as error:
        return [Item(name="battery.toml", ok=False, needed=True, detail=str(error))]
    loosened = [change.rule for change in gates.changes if change.loosened]
    detail = f"{config}: sound" + (f", loosened rules: {', '.join(loosened)}" if loosened else "")
    items = [Item(name="battery.toml", ok=True, needed=True, detail=detail), _variables(definition)]
    if definition.run.waivers:
        items.append(_waivers(base / definition.run.waivers))
    return [*items, _target(definition)]


def _variables(definition: Definition) -> Item:
    names = variables_of(definition)
    missing = [name for name in names if name not in os.environ]
    short = [name for name in names if name in os.environ and len(os.environ[name]) < SHORTEST]
    detail = f"not set: {', '.join(missing)}" if missing else f"{len(names)} referred to, all set"
    if short:
        detail += f"; too short to be masked in artifacts: {', '.join(short)}"
    return Item(name="variables", ok=not missing, needed=True, detail=detail)


def _waivers(path: Path) -> Item:
    now = clock.now()
    try:
        waivers = load_waivers(path, now)
    except BatteryError as error:
        return Item(name="waivers", ok=False, needed=True, detail=str(error))
    expired = [waiver.name for waiver in waivers if waiver.expires <= now]
    detail = f"{len(waivers)} in {path}"
    if expired:
        detail += f"; expired, so the run will fail: {', '.join(expired)}"
    return Item(name="waivers", ok=not expired, needed=True, detail=detail)


def _target(definition: Definition) -> Item:
    url = definition.target.url
    parts = urlsplit(url)
    if not parts.hostname:
        detail = "no [target] url: give one there, or as `battery certify URL`"
        return Item(name="target", ok=False, needed=False, detail=detail)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), _CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that DNS cannot carry
        return Item(name="target", ok=False, needed=False, detail=f"{url}: {error}")
    return Item(name="target", ok=True, needed=False, detail=f"{url}: accepts connections")


def _tool(name: str, purpose: str) -> Item:
    path = shutil.which(name)
    return Item(name=name, ok=path is not None, needed=False, detail=path or f"not on PATH ({purpose})")
