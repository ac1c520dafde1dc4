"""The supervisor's loop.

It holds the listening socket: while a worker is down, connections wait in the kernel's queue for the next one and
none is refused. It never stops trying once a worker has served; a service that cannot even start is given up at
once and aloud, with the worker's own words on stderr and its exit code.
"""

import logging
import os
import signal
import socket
import sys
import time

from battery.reference.announcement import announce, announcement, withdraw
from battery.reference.child import SERVICE_VARIABLES
from battery.reference.log import logging_to
from battery.reference.parent import end_with_parent
from battery.reference.serving import GRACE_SECONDS, listen
from battery.reference.settings import Settings, worker_arguments
from battery.reference.supervisor.alarm import Alarm
from battery.reference.supervisor.backoff import Backoff
from battery.reference.supervisor.worker import Worker
from battery.reference.tls.choosing import speaks_tls

# What a worker needs for its own grace, and a little more.
STOP_SECONDS = GRACE_SECONDS + 2.0
_log = logging.getLogger("battery.reference.supervisor")


def supervise(settings: Settings) -> int:
    """Run the service under supervision; 0 after a signal, else what the worker that could not start exited with."""
    try:
        withdraw(settings.port_file, settings.pid_file)
        with logging_to(settings.log), listen(settings.host, settings.port) as listener, Alarm() as alarm:
            if settings.end_with_stdin:
                end_with_parent()
            return Supervisor(settings, listener, alarm).run()
    except OSError as error:
        sys.stderr.write(f"cannot serve: {error}\n")
        return 1


class Supervisor:
    """One worker after the other."""

    def __init__(self, settings: Settings, listener: socket.socket, alarm: Alarm) -> None:
        self._settings, self._listener, self._alarm = settings, listener, alarm
        self._port = listener.getsockname()[1]
        self._restarts, self._backoff, self._has_served = 0, Backoff(), False

    def run(self) -> int:
        """Until a signal, or until the first worker has failed to start."""
        while True:
            worker = self._start()
            try:
                self._watch(worker)
                if self._alarm.told_to_stop():
                    return self._stop(worker)
            finally:
                worker.dispose()
            code = worker.process.returncode
            if not self._has_served:
                self._say(logging.ERROR, "the service cannot start", exit=code)
                return code if code > 0 else 1
            self._pause(code, self._backoff.after(worker.served_seconds()))
            if self._alarm.told_to_stop():
                return 0

    def _start(self) -> Worker:
        descriptor = self._listener.fileno()
        environment = {name: os.environ[name] for name in SERVICE_VARIABLES if name in os.environ}
        arguments = worker_arguments(self._settings, descriptor, self._restarts)
        return Worker(arguments, descriptor, environment)

    def _watch(self, worker: Worker) -> None:
        """Wait for its end or for a signal."""
        while not (worker.ended() or self._alarm.told_to_stop()):
            if self._alarm.wait(None, *worker.watched):
                worker.hear()
                if worker.served:
                    self._on_serving(worker)

    def _on_serving(self, worker: Worker) -> None:
        self._say(logging.INFO, "the worker serves", pid=worker.pid)
        if not self._has_served:
            self._has_served = True
            tls = speaks_tls(self._settings.tls_cert, self._settings.defects)
            announce(announcement(self._settings.host, self._port, tls=tls), self._settings.port_file)

    def _pause(self, code: int, seconds: float) -> None:
        self._restarts += 1
        self._say(logging.WARNING, "the worker ended and is restarted", exit=code, wait_seconds=seconds)
        deadline = time.monotonic() + seconds
        while not self._alarm.told_to_stop() and (left := deadline - time.monotonic()) > 0:
            self._alarm.wait(left)

    def _stop(self, worker: Worker) -> int:
        """Refuse what is new, let the worker finish what it has, and end."""
        # Ours first: connections would go on waiting here for a worker that never comes.
        self._listener.close()
        worker.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while not worker.ended():
            if (left := deadline - time.monotonic()) <= 0:
                self._say(logging.ERROR, "the worker did not end in time and is killed", pid=worker.pid)
                return 1
            self._alarm.wait(left)
        # SIGTERM itself ends one that was not yet far enough to have anything to finish.
        return 0 if worker.process.returncode in (0, -signal.SIGTERM) else 1

    def _say(self, level: int, message: str, **fields: object) -> None:
        _log.log(level, message, extra={"fields": {"restarts": self._restarts, **fields}})
