"""The Locust master: workers join it, it hands out jobs and passes on what the generators tell.

Orders come as JSON lines on stdin, news goes out as JSON lines on stdout; it ends when stdin does.
"""

from locust.env import Environment  # first: it patches the process for gevent  # isort: skip

import argparse
import sys
import time

import gevent
import locust.runners
import msgspec
from gevent.fileobject import FileObjectThread
from locust.exception import RPCError
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner

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
    Order,
    Ready,
    Said,
    Welcome,
    text,
    text_of,
)
from battery.version import version

_LOOK_SECONDS = 0.2
# Locust gives a worker up after 3 silent seconds, which a busy machine can make of a healthy one. The parent sees at
# once when a local worker's process ends; only remote ones are given up by their silence.
_SILENT_SECONDS = 15


class Master:
    """Passes words between the parent and the workers."""

    def __init__(self, runner: MasterRunner, generator: str) -> None:
        self._runner, self._generator = runner, generator
        self._joined: set[str] = set()
        self._lost: set[str] = set()
        for word, act in (
            (HELLO, self._hello),
            (READY, self._ready),
            (SNAPSHOT, self._pass_on),
            (TROUBLE, self._pass_on),
        ):
            runner.register_message(word, lambda environment, msg, act=act: act(msg))  # noqa: ARG005 -- Locust's shape

    def serve(self) -> None:
        """Take orders until the parent goes away."""
        gevent.spawn(self._watch)
        for line in FileObjectThread(sys.stdin.buffer, "rb"):
            order = msgspec.json.decode(line, type=Order)
            if order.what == "stop":
                for worker in self._joined:
                    self._runner.send_message(STOP, None, worker)
            else:
                self._runner.send_message(JOB, text(order.job), order.worker)

    def _hello(self, message: Message) -> None:
        hello = _hello_in(text_of(message.data))
        ours = f"{PROTOCOL}/{version()}"
        worker = str(message.node_id)
        if hello.speaks != ours:
            self._runner.send_message(REFUSED, text(ours), worker)
            tell(
                Said(
                    what="refused",
                    worker=worker,
                    detail=f"a worker speaks {hello.speaks}, this master {ours}",
                )
            )
            return
        welcome = Welcome(speaks=ours, now=time.time(), generator=self._generator)  # noqa: TID251 -- machines share only the wall clock
        self._runner.send_message(WELCOME, text(msgspec.json.encode(welcome).decode()), worker)

    def _ready(self, message: Message) -> None:
        ready = msgspec.json.decode(text_of(message.data), type=Ready)
        worker = str(message.node_id)
        self._joined.add(worker)
        tell(Said(what="joined", worker=worker, detail=ready.name, clock=ready.clock))

    def _pass_on(self, message: Message) -> None:
        what = "snapshot" if message.type == SNAPSHOT else "trouble"
        tell(Said(what=what, worker=str(message.node_id), detail=text_of(message.data)))

    def _watch(self) -> None:
        """Tell of workers whose heartbeat stopped, or that left."""
        while True:
            gevent.sleep(_LOOK_SECONDS)
            for worker in self._joined - self._lost:
                client = self._runner.clients.get(worker)
                if client is None or client.state == STATE_MISSING:
                    self._lost.add(worker)
                    tell(Said(what="lost", worker=worker, detail="its heartbeat stopped"))


class _AnyHello(msgspec.Struct):
    """What every version's hello says."""

    speaks: str = "another protocol"


def _hello_in(words: str) -> _AnyHello:
    try:
        return msgspec.json.decode(words, type=_AnyHello)
    except msgspec.DecodeError:
        return _AnyHello()


def tell(said: Said) -> None:
    """One line to the parent."""
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Bind, tell the port, serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--generator", default="battery.load.generator", help="the module that every worker runs"
    )
    arguments = parser.parse_args()
    locust.runners.HEARTBEAT_LIVENESS = _SILENT_SECONDS // locust.runners.HEARTBEAT_INTERVAL
    try:
        runner = Environment(user_classes=[]).create_master_runner(arguments.host, arguments.port)
    except RPCError as error:
        tell(Said(what="trouble", detail=f"cannot listen on {arguments.host}:{arguments.port}: {error}"))
        sys.exit(1)
    tell(Said(what="listening", port=arguments.port))
    Master(runner, arguments.generator).serve()
    runner.quit()


if __name__ == "__main__":
    main()
