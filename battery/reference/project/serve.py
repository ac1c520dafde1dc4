"""From a plain copy to a service that is ready: its dependency, itself under its supervisor, then until a signal."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from battery.reference.announcement import withdraw
from battery.reference.child import Child, number_in
from battery.reference.project.asking import Question, answer_to

READY = "/api/health/ready"
START_SECONDS = 60.0
STOP_SECONDS = 8.0
PORT_FILE = "port"
_POLL_SECONDS = 0.05


class NotServing(Exception):
    """A part did not come up; the text says which, and its last words."""


def serve(host: str, port: int, data: Path) -> int:
    """Start everything and tell each step; 0 after a signal, 1 when a part cannot start or ends by itself."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    data.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as stack:
            dependency = os.environ.get("DEPENDENCY_ADDRESS") or stack.enter_context(_dependency(data))
            _serve(stack, host, port, data, dependency)
    except NotServing as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _serve(stack: ExitStack, host: str, port: int, data: Path, dependency: str) -> None:
    service = stack.enter_context(_service(host, port, data, dependency))
    _say(f"[3/3] ready at {_wait_until_ready(service, data)}")
    service.process.wait()
    raise NotServing(f"the service ended with {service.process.returncode}: {service.last_words()}")


@contextmanager
def _dependency(data: Path) -> Iterator[str]:
    """The price service; where it listens."""
    file = data / "dependency.port"
    withdraw(file)
    with _running(Child("battery.reference.downstream", ["--port-file", str(file)], {}, _log(data))) as child:
        port = _wait_for_a_number(child, file, "the price service")
        _say(f"[1/3] the price service listens on 127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"


@contextmanager
def _service(host: str, port: int, data: Path, dependency: str) -> Iterator[Child]:
    """The service under its supervisor."""
    file = data / PORT_FILE
    withdraw(file)
    arguments = ["--supervise", "--host", host, "--port", str(port), "--data", str(data)]
    arguments += ["--port-file", str(file), "--pid-file", str(data / "worker.pid")]
    environment = {"DEPENDENCY_ADDRESS": dependency}
    if url := os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = url
    with _running(Child("battery.reference", arguments, environment, _log(data))) as child:
        taken = _wait_for_a_number(child, file, "the service")
        _say(f"[2/3] the service listens on port {taken}, its log is {_log(data)}")
        yield child


@contextmanager
def _running(child: Child) -> Iterator[Child]:
    try:
        yield child
    finally:
        child.stop(STOP_SECONDS)


def _wait_for_a_number(child: Child, file: Path, what: str) -> int:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if (number := number_in(file)) is not None:
            return number
        if child.ended_within(_POLL_SECONDS):
            raise NotServing(f"{what} cannot start: {child.last_words()}")
    raise NotServing(f"{what} does not listen after {START_SECONDS:g} s: {child.last_words()}")


def _wait_until_ready(service: Child, data: Path) -> str:
    port = number_in(data / PORT_FILE)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        answer = answer_to(Question(path=READY), f"127.0.0.1:{port}")
        if answer.status == 200:
            return f"http://127.0.0.1:{port}"
        if service.ended_within(_POLL_SECONDS):
            break
    raise NotServing(f"the service is not ready: {service.last_words()}")


def _log(data: Path) -> Path:
    return data / "reference.log"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
