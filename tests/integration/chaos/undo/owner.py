"""A battery in small, to be killed: `python -m tests.integration.chaos.undo.owner STATE FAULT PARAMETERS`.

Injects one fault, says in a line of JSON what it proved, and waits for its death.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from battery.chaos.faults.amounts import MIB
from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.descriptors import DescriptorExhaustion
from battery.chaos.faults.disk import DiskPressure
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.load_burst import LoadBurst
from battery.chaos.faults.memory import MemoryPressure
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.faults.pause import Pause
from battery.chaos.faults.postgresql_connections import PostgresqlExhaustion
from battery.chaos.faults.tcp_connections import TcpExhaustion
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify
from battery.chaos.process.launch import Launch
from battery.chaos.process.target_process import TargetProcess
from battery.chaos.scenarios.lines import Lines
from battery.chaos.undo.stack import UndoStack
from battery.load.requests import address
from tests.integration.chaos.undo.http_proxies import HttpProxies

Parameters = dict[str, Any]
FAULTS: dict[str, Callable[[Parameters], Fault]] = {
    "pause": lambda said: Pause(_process(said), limit=said.get("limit", 30.0)),
    "descriptors": lambda said: DescriptorExhaustion(_process(said)),
    "disk": lambda said: DiskPressure(
        Path(said["folder"]), reserve=0, most=8 * MIB, limit=said.get("limit", 60.0)
    ),
    "memory": lambda said: MemoryPressure(most=32 * MIB, floor=0),
    "cpu": lambda said: CpuPressure(duty=0.2, cores=2),
    "tcp": lambda said: TcpExhaustion("127.0.0.1", said["port"], connections=10),
    "postgresql": lambda said: PostgresqlExhaustion(said["dsn"]),
    "burst": lambda said: LoadBurst(f"http://127.0.0.1:{said['port']}/", connections=2, seconds=60),
    "toxic": lambda said: NetworkToxic(
        HttpProxies(said["url"]),
        "db",
        "latency",
        {"latency": 50},
        patience=0.1,
        limit=said.get("limit", 60.0),
    ),
    "down": lambda said: NetworkDown(HttpProxies(said["url"]), "db"),
}


def _process(said: Parameters) -> GivenProcess:
    return GivenProcess(identity=identify(said["pid"]), given="named by a test")


def main() -> None:
    """Inject and wait."""
    state, name, said = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    with UndoStack(state) as stack:
        words: Parameters = {"watchdog": stack.watchdog}
        if name == "target":
            order = Launch(command=tuple(said["command"]), folder=state)
            target = TargetProcess(order, ready=lambda: True, log=state / "log", promises=stack)
            words["pid"] = target.start().one.pid
        elif name == "line":
            with ExitStack() as exits:
                line = Lines(exits, said["url"], stack).to_target(address("http://127.0.0.1:9"))
                os.write(1, json.dumps(words | {"proxy": line.proxy}).encode() + b"\n")
                signal.pause()
        elif name != "nothing":
            fault = FAULTS[name](said)
            stack.inject(fault)
            effect = fault.prove()
            words |= {"seen": effect.seen, "meter": effect.meter}
        os.write(1, json.dumps(words).encode() + b"\n")
        signal.pause()


if __name__ == "__main__":
    main()
