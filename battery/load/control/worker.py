"""A Locust worker: takes a job from the master, runs a generator process for it, sends on what that tells."""

from locust.env import Environment  # first: it patches the process for gevent  # isort: skip

import argparse
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable

import gevent
import locust.runners
import msgspec
from gevent import subprocess
from gevent.event import Event
from gevent.fileobject import FileObjectThread
from locust.rpc import Message
from locust.runners import WorkerRunner

from battery.load.control.telling import Telling
from battery.load.control.words import (
    HELLO,
    JOB,
    PROTOCOL,
    READY,
    REFUSED,
    SNAPSHOT,
    STOP,
    TROUBLE,
    WELCOME,
    Hello,
    Ready,
    Told,
    Welcome,
    clock_of,
    text,
    text_of,
)
from battery.version import version

BAD_USAGE = 64
NOBODY = 75  # sysexits: try again
GENERATORS = ("battery.load.generator", "battery.load.journeys", "battery.load.http2")
_JOIN_SECONDS = 10.0
_ERROR_LINES = 20
_SILENT_SECONDS = 15  # a master that died without a word is given up after these
_TRIES = 2  # of five seconds each


class Worker:
    """One worker with at most one generator at work, and one that is up already and waits for the next job.

    Without the waiting one a slow start on a busy machine would eat into the time before the common start. Both end
    by themselves when this process does, for it holds their stdin.
    """

    def __init__(self, runner: WorkerRunner, name: str, module: str, tell: Callable[[Told], None]) -> None:
        self._runner, self._name, self._module, self._tell = runner, name, module, tell
        self._generator: subprocess.Popen | None = None
        self._next = _spawn(module)
        self._asked = 0.0
        self._answered = Event()
        self._refused = ""
        self._at_work: Telling | None = None
        for word, act in (
            (WELCOME, self._welcome),
            (REFUSED, self._refuse),
            (JOB, self._begin),
            (STOP, self._stop),
        ):
            runner.register_message(word, lambda environment, msg, act=act: act(msg))  # noqa: ARG005 -- Locust's shape

    def join(self) -> int:
        """Shake hands, then serve until the master goes away; the exit code."""
        hello = Hello(speaks=f"{PROTOCOL}/{version()}", name=self._name)
        self._asked = time.time()  # noqa: TID251 -- machines share only the wall clock
        self._runner.send_message(HELLO, text(msgspec.json.encode(hello).decode()))
        if not self._answered.wait(_JOIN_SECONDS):
            self._tell(Told(what="problem", text="the master does not answer; is it a battery master?"))
            return NOBODY
        if self._refused:
            why = f"the master speaks {self._refused}, this worker {PROTOCOL}/{version()}"
            self._tell(Told(what="refused", text=f"{why}; install the same battery on both"))
            return BAD_USAGE
        self._runner.greenlet.join()
        lost = f" in the middle of {self._at_work.name}, which is lost" if self._at_work else ""
        self._tell(Told(what="news", text=f"the master has gone{lost}"))
        return 0

    def _welcome(self, message: Message) -> None:
        answered = time.time()  # noqa: TID251 -- machines share only the wall clock
        welcome = msgspec.json.decode(text_of(message.data), type=Welcome)
        if welcome.generator not in GENERATORS:  # a module's name from the network is not run on trust
            self._refused = f"of a generator {welcome.generator!r}"
        else:
            if welcome.generator != self._module:
                self._next.kill()
                self._module, self._next = welcome.generator, _spawn(welcome.generator)
            ready = Ready(name=self._name, clock=clock_of(self._asked, welcome.now, answered))
            news = f"accepted by a master that speaks {welcome.speaks}, to run {welcome.generator}; this clock is {ready.clock.text}"
            self._tell(Told(what="accepted", text=news))
            self._runner.send_message(READY, text(msgspec.json.encode(ready).decode()))
        self._answered.set()

    def _refuse(self, message: Message) -> None:
        self._refused = text_of(message.data)
        self._answered.set()

    def _begin(self, message: Message) -> None:
        gevent.spawn(self._run, text_of(message.data).encode())

    def _run(self, job: bytes) -> None:
        """One generator from start to end."""
        previous, generator = self._generator, self._next
        # First of all: whoever waits for the previous one's end must see that it is replaced.
        self._generator = generator
        if previous is not None and previous.poll() is None:
            previous.kill()  # a new job means that nobody waits for the old one
        self._next = _spawn(self._module)
        told = self._at_work = Telling(job)
        self._tell(Told(what="news", text=told.begins()))
        errors: deque[bytes] = deque(maxlen=_ERROR_LINES)
        reader = gevent.spawn(errors.extend, generator.stderr)
        try:
            generator.stdin.write(job + b"\n")
            generator.stdin.flush()
        except BrokenPipeError:
            pass  # it died before it had a job: its exit is told below
        for line in generator.stdout:
            self._runner.send_message(SNAPSHOT, text(line.decode()))
            if news := told.hears(line):
                self._tell(Told(what="news", text=news))
            if told.complete and self._at_work is told:
                self._at_work = None
                self._tell(Told(what="ended", text=told.ends()))
        code = generator.wait()
        reader.join()
        if told.complete or generator is not self._generator:
            return  # how a process ends whose last word is heard, or for which nobody waits, says nothing of the job
        self._at_work = None
        words = errors[-1].decode("utf-8", "replace").strip() if errors else ""
        why = words or f"its generator ended with {code}"
        self._runner.send_message(TROUBLE, text(why))
        self._tell(Told(what="ended", text=told.breaks_off(why)))

    def _stop(self, message: Message) -> None:  # noqa: ARG002 -- the shape of a handler
        """Let the generator end early, with a complete ledger."""
        if self._generator is not None and self._generator.poll() is None:
            try:
                self._generator.stdin.write(b"stop\n")
                self._generator.stdin.flush()
            except BrokenPipeError:
                pass  # it has just ended by itself


def _end_with_stdin() -> None:
    """The parent holds the other end of stdin: when that closes, nobody reads what this worker measures."""
    FileObjectThread(sys.stdin.buffer, "rb").read()
    os._exit(0)


def _on_stdout(told: Told) -> None:
    """One line to the parent, who asked for it."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def _on_stderr(told: Told) -> None:
    """Only what went wrong: the parent shows the last line where this process failed."""
    if told.what in ("refused", "problem"):
        sys.stderr.write(f"battery worker: {told.text}\n")
        sys.stderr.flush()


def _spawn(module: str) -> subprocess.Popen:
    """A generator that waits for its job."""
    command = [sys.executable, "-P", "-m", module]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def main() -> None:
    """Connect to the master and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", default=socket.gethostname(), help="what the report calls this worker")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when the parent does")
    parser.add_argument(
        "--generator", choices=GENERATORS, default=GENERATORS[0], help="what the master will want"
    )
    parser.add_argument("--tell", action="store_true", help="say on stdout what happens, in JSON lines")
    arguments = parser.parse_args()
    tell = _on_stdout if arguments.tell else _on_stderr
    if arguments.end_with_stdin:
        gevent.spawn(_end_with_stdin)
    locust.runners.MASTER_HEARTBEAT_TIMEOUT = _SILENT_SECONDS
    locust.runners.CONNECT_RETRY_COUNT = _TRIES
    try:
        runner = Environment(user_classes=[]).create_worker_runner(arguments.host, arguments.port)
    except ConnectionError:
        where = f"{arguments.host}:{arguments.port}"
        tell(Told(what="problem", text=f"something listens at {where} and is no master"))
        os._exit(NOBODY)  # as below
    code = Worker(runner, arguments.name, arguments.generator, tell).join()
    runner.quit()
    sys.stderr.flush()
    os._exit(code)  # the thread that waits for the end of stdin cannot be asked to leave


if __name__ == "__main__":
    main()
