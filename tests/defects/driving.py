"""Drives one planted defect: the reference target with it, and the command that must see it."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from battery.load.fleet import free_port
from battery.reference.demo import demo_definition_toml, demo_process_toml
from battery.reference.demo_dependency import ReferenceDependency
from tests.defects.planted import Planted

# A soak of seconds needs finer limits than one of hours.
_LIMITS = """
[gates]
limit = { "G2:load.p4.memory.growth" = 16, "G2:load.p4.latency.growth" = 0.15, "G2:load.p4.threads.growth" = 8, "G2:load.p4.descriptors.growth" = 8 }
"""


class Seen(NamedTuple):
    """Which rules failed, which were undecided, and all that was said."""

    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    said: str
    code: int

    def fits(self, planted: Planted) -> bool:
        """Whether it failed where it must, and nowhere else; beside a failure, and in growths of seconds, others may be undecided."""
        inside = set(self.failed) <= set(planted.rules)
        decided = all(rule.endswith(".growth") for rule in self.undecided)
        return inside and (decided or bool(self.failed)) and bool(self.failed) == bool(planted.rules)


def look(planted: Planted, database_url: str = "") -> Seen:
    """Run the command against a target with the defect."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="battery-defect-")))
        dependency = stack.enter_context(ReferenceDependency(folder))
        port = free_port("127.0.0.1")
        text = demo_definition_toml(f"http://127.0.0.1:{port}", folder)
        text += with_defect(demo_process_toml(port, folder, dependency.address), planted.defect, database_url)
        (folder / "battery.toml").write_text(text + _LIMITS)
        environ = {**os.environ, "CI": "true"}
        command = [sys.executable, "-m", "battery", *planted.command, "--json"]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return _seen(done)


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


def _seen(done: "subprocess.CompletedProcess[str]") -> Seen:
    said = done.stderr
    try:
        rules = json.loads(done.stdout)["rules"]
    except (ValueError, KeyError):
        return Seen((), ("no result",), said, done.returncode)
    status = {rule["verdict"]["rule"]: rule["verdict"]["status"] for rule in rules}
    told = {
        name: [rule for rule, verdict in status.items() if verdict == name] for name in ("fail", "undecided")
    }
    return Seen(tuple(told["fail"]), tuple(told["undecided"]), said, done.returncode)
