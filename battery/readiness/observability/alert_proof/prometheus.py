"""A Prometheus of our own: started on a free loopback port in a scratch folder, and ended with all that is its."""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

from battery.readiness.observability.alert_proof.api import PrometheusApi
from battery.readiness.observability.alert_proof.configuration import (
    ProofImpossible,
    ProofOrder,
    configuration,
    without_intervals,
)
from battery.readiness.observability.rules.reading import read_rules

_START_SECONDS = 60.0
_POLL = 0.1
_GRACE = 10.0
_ATTEMPTS = 3  # another process may take the free port before Prometheus does


class Prometheus:
    """A context: inside of it Prometheus scrapes the target and evaluates the rules."""

    def __init__(self, order: ProofOrder) -> None:
        self._order = order
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = order.scratch / "prometheus"
        self.log = order.scratch / "prometheus.log"
        self.api: PrometheusApi

    def __enter__(self) -> "Prometheus":
        """Start it, and wait until it has loaded the rules.

        Raises: ProofImpossible, RulesUnreadable.
        """
        binary = shutil.which(self._order.binary)
        if binary is None:
            raise ProofImpossible(
                f"{self._order.binary} is not on PATH: install Prometheus (Debian: apt-get install prometheus)"
            )
        try:
            config = self._written()
            for _ in range(_ATTEMPTS):
                if self._start(binary, config):
                    return self
        except BaseException:
            self.end()
            raise
        self.end()
        raise ProofImpossible(f"prometheus found no free port {_ATTEMPTS} times: {self._last_words()}")

    def __exit__(self, *_: object) -> None:
        self.end()

    def reload(self, rules: tuple[Path, ...]) -> None:
        """Load other rules, and wait until they are there.

        Raises: ProofImpossible, RulesUnreadable.
        """
        import msgspec

        self._order = msgspec.structs.replace(self._order, rules=rules)
        self._written()
        self.api.reload()

    def end(self) -> None:
        """End it, and remove what it wrote; its log stays."""
        process, self._process = self._process, None
        if process is not None:
            self.api.close()
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _written(self) -> Path:
        """The rules, checked by us first, and the configuration that names them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        names = []
        for number, file in enumerate(self._order.rules):
            try:
                data = file.read_bytes()
            except OSError as error:
                raise ProofImpossible(f"{file}: cannot be read: {error.strerror}") from error
            read_rules(data, str(file))
            names.append(str((self._folder / f"rules-{number}.yml").resolve()))
            Path(names[-1]).write_bytes(without_intervals(data, str(file)))
        config = self._folder / "prometheus.yml"
        config.write_text(configuration(self._order, tuple(names)), encoding="utf-8")
        return config

    def _start(self, binary: str, config: Path) -> bool:
        """Whether it came up; not so when another process took its port meanwhile."""
        port = _free_port()
        with self.log.open("wb") as log:
            self._process = _launched(
                [
                    binary,
                    f"--config.file={config.resolve()}",
                    f"--storage.tsdb.path={self._folder.resolve() / 'data'}",
                    f"--web.listen-address=127.0.0.1:{port}",
                    "--web.enable-lifecycle",
                    "--log.level=warn",
                ],
                self._folder,
                log,
            )
        self.api = PrometheusApi(f"http://127.0.0.1:{port}")
        return self._comes_up(self._process)

    def _comes_up(self, process: "subprocess.Popen[bytes]") -> bool:
        until = time.monotonic() + _START_SECONDS
        while not self.api.is_ready():
            if process.poll() is not None:
                if "address already in use" in self._last_words(2000):
                    self.api.close()
                    return False
                raise ProofImpossible(f"prometheus ended with {process.returncode}: {self._last_words()}")
            if time.monotonic() >= until:
                raise ProofImpossible(
                    f"prometheus was not ready within {_START_SECONDS:g} s: {self._last_words()}"
                )
            time.sleep(_POLL)
        # Another Prometheus on that port would be ready too.
        return process.poll() is None

    def _last_words(self, most: int = 300) -> str:
        try:
            return " ".join(self.log.read_text("utf-8", "replace").split())[-most:] or "it wrote nothing"
        except OSError:
            return "it wrote nothing"


def _launched(command: list[str], folder: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise ProofImpossible(f"{command[0]} cannot be started: {error.strerror}") from error


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
