"""The world: the target with all that the scenarios may touch of it, and what puts it back."""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import msgspec

from battery.chaos.process.door import Door, addresses_here
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.launch import Launch
from battery.chaos.process.listening import serving
from battery.chaos.process.log import begin_anew
from battery.chaos.process.pid_file import named_by_pid_file
from battery.chaos.process.placeholders import fill_command, fill_environment
from battery.chaos.process.supervised import child_of
from battery.chaos.process.target_process import TargetProcess
from battery.chaos.recovery.prober import PERIOD, Prober
from battery.chaos.recovery.request import Request
from battery.chaos.scenarios.lines import Lines
from battery.chaos.undo.known_folders import KnownFolders
from battery.chaos.undo.replay import replay_left
from battery.chaos.undo.stack import UndoStack
from battery.load.requests import Address, address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Dependency, Endpoint
from battery.redaction import resolve, secrets_of

_LOOK_SECONDS = 2.0
_READY = "ready"
_UNSEEN = "unseen"


class World:
    """Entered once a run. Only what battery.toml names or the battery started is ever touched."""

    def __init__(
        self,
        definition: Definition,
        base: Path,
        state: Path,
        tell: Callable[[str], None],
        environ: Mapping[str, str] = os.environ,
        *,
        resumed: bool = False,
    ) -> None:
        """`base` is the folder that relative paths start from, `state` where undo journals and the target's log stand.

        The log begins anew with the run, and goes on where a run is `resumed`: checks of before are not made again.
        """
        self._resumed = resumed
        self.definition, self.base = definition, base
        self.place: Address = address(definition.target.url)
        self.undo = UndoStack(state / "undo")
        self.undone: tuple[str, ...] = ()
        self.process: TargetProcess | None = None
        self._state, self._tell, self._environ = state, tell, environ
        self._stack = ExitStack()
        self.lines = Lines(self._stack, definition.chaos.toxiproxy, self.undo)

    def __enter__(self) -> Self:
        """Put back what an earlier run left, then stand ready to put back what this one does.

        Raises: StoreError, WatchdogFailed.
        """
        own, known = self._state / "undo", KnownFolders(self._environ)
        undone = [str(done) for done in replay_left(own)]
        for other in known.others(own):
            undone += [f"{done} [journal in {other}]" for done in replay_left(other)]
        self.undone = tuple(undone)
        for line in self.undone:
            self._tell(line)
        self._stack.enter_context(self.undo)
        known.remember(own)
        if known.trouble:
            self._tell(known.trouble)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what was started, undo what is left. Raises: UndoFailed."""
        self._stack.close()

    def start_target(self) -> str:
        """Start the target's command where battery.toml gives one and nobody is there; what was done, in words.

        Raises: ProcessFailed, DefinitionError, UsageError.
        """
        process = self.definition.process
        if process is None or not process.command:
            return ""
        if somebody := self._somebody():
            return f"{somebody}: its command was not started, its dependencies stay as they are"
        filled = self._addresses()
        order = Launch(
            command=fill_command(process.command, filled),
            env=fill_environment(process.env, filled, self._environ),
            folder=self.base,
        )
        log = self._state / "target.log"
        if not self._resumed:
            begin_anew(log)
        self.process = TargetProcess(
            order,
            ready=lambda: self._ready_status() in range(200, 300),
            log=log,
            promises=self.undo,
            secrets=self.secrets,
        )
        self._stack.enter_context(self.process)
        return f"started by the battery: {process.command[0]}, {self.process.given}"

    def given(self) -> GivenProcess:
        """The process that serves, as far as the battery may touch it; with a doubt where it is not known to be that one.

        Raises: ProcessFailed when the named one, or a child of the supervisor, cannot be found.
        """
        process = self.definition.process
        if process is not None and process.pid_file:
            return self._seen(named_by_pid_file(self.base / process.pid_file))
        if self.process is None:
            return GivenProcess(identity=None, given="")
        if not self._is_supervised:
            return self._seen(self.process.given) if self.process.alive() else self.process.given
        found = child_of(self.process.given, self._door())()
        return found if self._door() else self._seen(found)

    def _seen(self, process: GivenProcess) -> GivenProcess:
        """The process where it is seen to serve, or the one of its family that is; else with a doubt."""
        chosen = self.definition.process
        if chosen is not None and chosen.listens == _UNSEEN:
            return msgspec.structs.replace(process, vouched=True)
        door = self._door()
        if door is None:
            doubt = (
                f"{self.place.host} is not this machine, so {process} ({process.given}) is not known to serve there: run the "
                'battery beside the target, or say where it listens ([process] listens = "PORT") if it serves from here'
            )
            return msgspec.structs.replace(process, doubt=doubt)
        return serving(process, door)

    def _door(self) -> Door | None:
        """Where the target's process must be seen to listen; none where the target is elsewhere, or taken at its word."""
        listens = self.definition.process.listens if self.definition.process else ""
        if listens == _UNSEEN:
            return None
        if listens:
            return Door(path=listens, behind=True) if "/" in listens else Door(port=int(listens), behind=True)
        here = addresses_here(self.place.host)
        return Door(port=self.place.port, addresses=here) if here else None

    def revive(self) -> None:
        """Start the target again, where the battery started it and no supervisor does."""
        if self.process is not None and not self._is_supervised:
            self.process.restart()

    @property
    def comes_back(self) -> bool:
        """Whether anything brings a killed process back."""
        return self._is_supervised or self.process is not None

    @property
    def is_local(self) -> bool:
        """Whether the target shares this machine, as far as its address tells."""
        return self.process is not None or bool(addresses_here(self.place.host))

    @property
    def named(self) -> tuple[str, ...]:
        """The addresses that battery.toml or the command line names."""
        upstreams = [each.upstream for each in self.definition.dependency if each.upstream]
        return (f"{self.place.host}:{self.place.port}", *upstreams)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output of the target, or of a command that restarts it, may show."""
        return secrets_of(self.definition, self._environ)

    def is_proxied(self, dependency: Dependency) -> bool:
        """Whether the target was started with the way through the proxy."""
        process = self.definition.process
        if self.process is None or process is None:
            return False
        texts = (*process.command, *process.env.values())
        return any(f"{{dependency.{dependency.name}" in text for text in texts)

    def direct_dsn(self, dependency: Dependency) -> str:
        """How the target connects to a PostgreSQL, without the proxy; empty where no DSN stands in [process] env."""
        process = self.definition.process
        direct = {each.name: each.upstream or each.file for each in self.definition.dependency}
        for name, value in (process.env if process else {}).items():
            if f"{{dependency.{dependency.name}" in value:
                filled = fill_environment({name: value}, direct, self._environ)[name]
                if filled.startswith(("postgresql", "postgres")):
                    return filled
        return ""

    def request(self, endpoint: Endpoint) -> Request:
        """An endpoint as the bytes that probes send. Raises: UsageError."""
        only = msgspec.structs.replace(self.definition, endpoint=(endpoint,))
        return endpoints_of(only, self._environ)[0]

    def endpoint(self, name: str = "") -> Endpoint:
        """The endpoint of that name, else the first one, else the ready path."""
        known = self.definition.endpoint
        found = next((each for each in known if each.name == name), known[0] if known else None)
        return found or Endpoint(name="target", path=self.ready_path)

    def heaviest(self) -> Endpoint:
        """An endpoint whose answers take long: one of the heavy class, else the first one."""
        heavy = [each for each in self.definition.endpoint if each.weight_class == "heavy"]
        return heavy[0] if heavy else self.endpoint()

    @property
    def ready_path(self) -> str:
        """Where the target says that it can serve."""
        target = self.definition.target
        return target.ready or target.live or "/"

    def prober(self, *endpoints: Endpoint, place: Address | None = None, period: float = PERIOD) -> Prober:
        """A prober of the ready path and the endpoints; of another place for the way through a proxy."""
        wanted = {_READY: Endpoint(name=_READY, path=self.ready_path)}
        wanted |= {
            each.name: each for each in endpoints or (self.endpoint(),) if each.path != self.ready_path
        }
        return Prober(place or self.place, [self.request(each) for each in wanted.values()], period=period)

    def through(self, listen: str) -> Address:
        """The target's address by another way; what requests say of their host stays."""
        host, _, port = listen.rpartition(":")
        return msgspec.structs.replace(self.place, host=host.strip("[]"), port=int(port))

    @property
    def _is_supervised(self) -> bool:
        return self.definition.process is not None and self.definition.process.supervised

    def _addresses(self) -> dict[str, str]:
        """Where the target shall find its dependencies: through their proxies, a file where it is."""
        return {
            each.name: self.lines.to_dependency(each).address if each.upstream else each.file
            for each in self.definition.dependency
        }

    def _somebody(self) -> str:
        """Who is there already, in words; empty when nobody is. Whoever takes the connection holds the port."""
        try:
            socket.create_connection((self.place.host, self.place.port), _LOOK_SECONDS).close()
        except OSError:
            return ""
        status, url = self._ready_status(), self.definition.target.url
        if status in range(200, 300):
            return f"the target answers already at {url}"
        said = f"answers {status} to {self.ready_path}" if status else f"does not answer {self.ready_path}"
        return f"somebody is there already at {url} and {said}"

    def _ready_status(self) -> int:
        """What the ready path answers with the target's own headers; 0 when there is no answer.

        Raises: UsageError when a header refers to a variable that is not set.
        """
        headers = self.definition.target.headers
        try:
            answer = httpx.get(
                self.definition.target.url.rstrip("/") + self.ready_path,
                headers={name: resolve(value, self._environ) for name, value in headers.items()},
                timeout=_LOOK_SECONDS,
                trust_env=False,
                verify=False,  # noqa: S501 -- whether somebody is there; who it is, probes and scans find out
            )
        except httpx.HTTPError:
            return 0
        return answer.status_code
