"""battery.toml: decoded, and checked for what types cannot say."""

from pathlib import Path

from battery.definitions.capabilities import check_capabilities
from battery.definitions.commands import check_command
from battery.definitions.destruction import refuse_destruction
from battery.definitions.durability import check_durability
from battery.definitions.durations import check_duration
from battery.definitions.observability import check_observability
from battery.definitions.readiness import check_readiness
from battery.definitions.secrets import check_headers, check_no_secrets
from battery.definitions.security import check_security
from battery.definitions.spelling import shown
from battery.definitions.toml_file import load
from battery.definitions.urls import check_url
from battery.errors import DefinitionError
from battery.model.definition import Definition, LoadChoice
from battery.model.quantity import seconds
from battery.model.target import Dependency, Process

__all__ = ["check_definition", "check_url", "load_definition"]

_LONGEST_RUN, _LONGEST_VALIDITY, _LONGEST_CHECKPOINT = "30 d", "366 d", "1 h"


def load_definition(path: Path) -> Definition:
    """The definition in a battery.toml.

    Raises: DefinitionError that names file, key, value and what was expected.
    """
    definition, _ = load(path, Definition)
    check_definition(definition, str(path))
    refuse_destruction(definition, str(path))
    return definition


def check_definition(definition: Definition, file: str) -> None:
    """What the types cannot say: URLs, secrets, durations, unique names.

    Raises: DefinitionError.
    """
    if definition.target.url:
        check_url(definition.target.url, file, "target.url")
    check_headers(definition.target.headers, file, "target.headers")
    for index, endpoint in enumerate(definition.endpoint):
        check_headers(endpoint.headers, file, f"endpoint[{index}].headers")
        if endpoint.p99 and not seconds(endpoint.p99):
            raise DefinitionError(file, "0 is a limit that nobody holds", key=f"endpoint[{index}].p99")
    _check_unique([endpoint.name for endpoint in definition.endpoint], file, "endpoint")
    _check_unique([dependency.name for dependency in definition.dependency], file, "dependency")
    for index, dependency in enumerate(definition.dependency):
        _check_dependency(dependency, definition, file, f"dependency[{index}]")
    if definition.durability:
        check_durability(definition.durability, file)
    check_security(definition.security, file)
    check_duration(definition.run.deadline, _LONGEST_RUN, file, "run.deadline")
    check_duration(definition.run.valid_for, _LONGEST_VALIDITY, file, "run.valid_for")
    _check_load(definition.load, file)
    if definition.process:
        _check_process(definition.process, file)
    check_readiness(definition, file)
    check_capabilities(definition, file)
    check_observability(definition, file)


def _check_dependency(dependency: Dependency, definition: Definition, file: str, key: str) -> None:
    wanted, other = ("file", "upstream") if dependency.kind == "sqlite" else ("upstream", "file")
    if not getattr(dependency, wanted) or getattr(dependency, other):
        problem = f"a dependency of kind {shown(dependency.kind)} has {wanted} and no {other}"
        raise DefinitionError(file, problem, key=key)
    if dependency.upstream:
        _check_port(dependency.upstream, file, f"{key}.upstream")
    if dependency.breaker_calls and not dependency.breaker:
        raise DefinitionError(file, "needs breaker = true beside it", key=f"{key}.breaker_calls")
    known = [endpoint.name for endpoint in definition.endpoint]
    if dependency.endpoint and dependency.endpoint not in known:
        problem = f"{shown(dependency.endpoint)} names no endpoint; there is {', '.join(known) or 'none'}"
        raise DefinitionError(file, problem, key=f"{key}.endpoint")


def _check_load(load: LoadChoice, file: str) -> None:
    _check_port(load.listen, file, "load.listen")
    if load.locustfile and load.engine != "own":
        problem = (
            f"{shown(load.engine)} has no place beside a locustfile, whose users choose their own client"
        )
        raise DefinitionError(file, problem, key="load.engine")
    check_duration(load.checkpoint, _LONGEST_CHECKPOINT, file, "load.checkpoint")


def _check_process(process: Process, file: str) -> None:
    if not (process.command or process.pid_file or process.restart_command):
        raise DefinitionError(file, "needs command, pid_file or restart_command", key="process")
    for key in ("command", "restart_command"):
        if command := getattr(process, key):
            check_command(command, file, f"process.{key}")
    check_no_secrets(process.env, file, "process.env")
    if process.listens.isdigit():
        _check_port(f":{process.listens}", file, "process.listens")


def _check_unique(names: list[str], file: str, key: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise DefinitionError(file, f'the name "{name}" is taken already', key=f"{key}[{index}].name")


def _check_port(address: str, file: str, key: str) -> None:
    if not 1 <= int(address.rpartition(":")[2]) <= 65535:
        problem = f"{shown(address)} has no such port; expected one from 1 to 65535"
        raise DefinitionError(file, problem, key=key)
