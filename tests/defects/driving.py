"""Drives one planted defect: the reference target with it, and the command that must see it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from battery.load.fleet import free_port
from battery.reference.defects.catalogue import NAMES
from battery.reference.demo import demo_definition_toml, demo_process_toml
from battery.reference.demo_dependency import ReferenceDependency
from battery.reference.demo_instruments import WRITER, demo_environment, demo_instruments_toml
from tests.defects.gates import gates_of
from tests.defects.planted import CERTIFY, Planted
from tests.defects.project import START, project_with
from tests.fakes.osv_folder import osv_folder

# A soak of seconds needs finer limits than one of hours.
_LIMITS = """
[gates]
limit = { "G2:load.p4.memory.growth" = 16, "G2:load.p4.latency.growth" = 0.15, "G2:load.p4.threads.growth" = 8, "G2:load.p4.descriptors.growth" = 8 }
"""
# One that is never ready is waited for, twice; ten minutes each are for those in earnest.
_PATIENCE = 'limit = "20 s"\nready = '


class Seen(NamedTuple):
    """Which rules failed, which were undecided, and all that was said."""

    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    said: str
    code: int

    def fits(self, planted: Planted) -> bool:
        """Whether its gates failed, by its rules, and nothing else; beside a failure, and in growths of seconds, others may be undecided."""
        inside = set(self.failed) <= set(planted.rules)
        decided = all(rule.endswith(".growth") for rule in self.undecided)
        return inside and (decided or bool(self.failed)) and gates_of(self.failed) == gates_of(planted.rules)


def look(planted: Planted, database_url: str = "") -> Seen:
    """Run the command against a target with the defect."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="battery-defect-")))
        dependency = stack.enter_context(ReferenceDependency(folder))
        port = free_port("127.0.0.1")
        process = demo_process_toml(port, folder, dependency.address)
        process = with_defect(process, planted.defect if planted.defect in NAMES else "", database_url)
        url, environ = f"http://127.0.0.1:{port}", {**os.environ, "CI": "true"}
        if planted.command[0] != CERTIFY[0]:
            text = demo_definition_toml(url, folder) + process + _LIMITS
            return _seen(_run(folder, text, (*planted.command, "--json"), environ))
        source = project_with(folder / "project", planted.defect)
        instruments = demo_instruments_toml(folder).replace("ready = ", _PATIENCE, 1)
        if (source / START).exists():
            instruments = instruments.replace('"project", "serve"', f'"{START}", "serve"', 1)
        text = demo_definition_toml(url, source, WRITER) + process + instruments
        environ |= demo_environment()
        _run(folder, text, ("keygen",), environ)
        options = ("--osv-db", str(osv_folder(folder / "osv")), "--json")
        return _seen(_run(folder, text, (*planted.command, *options), environ))


def with_defect(text: str, defect: str, database_url: str) -> str:
    """The process with the defect, and on PostgreSQL through its proxy where a URL is given."""
    if defect:
        text = text.replace('"--supervise"', f'"--supervise", "--defect={defect}"')
    if database_url:
        place, _, name = database_url.rpartition("/")
        user, _, address = place.rpartition("@")
        url = f'DATABASE_URL = "{user}@{{dependency.orders}}/{name}"'
        text = text.replace("env = { ", f"env = {{ {url}, ")
        lines = [line for line in text.splitlines() if not line.startswith("file = ")]
        text = (
            "\n".join(lines).replace('kind = "sqlite"', f'kind = "postgresql"\nupstream = "{address}"') + "\n"
        )
    return text


def _run(
    folder: Path, text: str, words: tuple[str, ...], environ: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    (folder / "battery.toml").write_text(text)
    command = [sys.executable, "-m", "battery", *words]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def _seen(done: "subprocess.CompletedProcess[str]") -> Seen:
    said = done.stderr
    try:
        status = dict(_verdicts(json.loads(done.stdout)))
    except (ValueError, KeyError):
        status = {}
    if not status:
        return Seen((), ("no result",), said, done.returncode)
    told = {
        name: [rule for rule, verdict in status.items() if verdict == name] for name in ("fail", "undecided")
    }
    return Seen(tuple(told["fail"]), tuple(told["undecided"]), said, done.returncode)


def _verdicts(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each rule and its status; of a certification those of the instruments that ran."""
    if "rules" in result:
        return [(rule["verdict"]["rule"], rule["verdict"]["status"]) for rule in result["rules"]]
    return [
        (rule["rule"], rule["status"])
        for gate in result["gates"]
        for rule in gate["rules"]
        if not rule["reason"].startswith("left out of this run")
    ]
