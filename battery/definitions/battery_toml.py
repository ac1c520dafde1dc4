"""battery.toml: decoded, and checked for what types cannot say."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.quantity import seconds

_SECRET_HEADERS = re.compile(r"authorization|cookie|token|secret|api-?key|password", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"^env:[A-Za-z_][A-Za-z0-9_]*$")


def load_definition(path: Path) -> Definition:
    """The definition in a battery.toml.

    Raises: DefinitionError that names file, key, value and what was expected.
    """
    definition, _ = load(path, Definition)
    check_definition(definition, str(path))
    return definition


def check_definition(definition: Definition, file: str) -> None:
    """What the types cannot say: URLs, secrets, durations, unique names.

    Raises: DefinitionError.
    """
    if definition.target.url:
        check_url(definition.target.url, file, "target.url")
    _check_headers(definition.target.headers, file, "target.headers")
    for index, endpoint in enumerate(definition.endpoint):
        _check_headers(endpoint.headers, file, f"endpoint[{index}].headers")
    _check_unique([e.name for e in definition.endpoint], file, "endpoint")
    _check_unique([d.name for d in definition.dependency], file, "dependency")
    for key in ("deadline", "valid_for"):
        _check_duration(getattr(definition.run, key), file, f"run.{key}")
    if definition.process and not (
        definition.process.command or definition.process.pid_file or definition.process.restart_command
    ):
        raise DefinitionError(file, "needs command, pid_file or restart_command", key="process")


def check_url(url: str, file: str, key: str) -> None:
    """A URL that names scheme and host and carries no password.

    Raises: DefinitionError.
    """
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError as error:
        raise DefinitionError(file, f'"{url}" is not a URL: {error}', key=key) from error
    if parts.password or parts.username:
        raise DefinitionError(
            file,
            "carries a user name or password",
            key=key,
            hint='use headers = { Authorization = "env:NAME" }',
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right:
        hint = f'did you mean "http://{url}"?' if "://" not in url else ""
        raise DefinitionError(
            file,
            f'"{url}" is not allowed; expected http://HOST[:PORT] or https://HOST[:PORT]',
            key=key,
            hint=hint,
        )


def _check_headers(headers: dict[str, str], file: str, key: str) -> None:
    for name, value in headers.items():
        if value.startswith("env:") and not _ENVIRONMENT.match(value):
            raise DefinitionError(file, "is not env: and the name of a variable", key=f"{key}.{name}")
        if _SECRET_HEADERS.search(name) and not value.startswith("env:"):
            raise DefinitionError(
                file,
                "a secret stands in the file",
                key=f"{key}.{name}",
                hint='put it in the environment and write "env:NAME"',
            )


def _check_unique(names: list[str], file: str, key: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise DefinitionError(file, f'the name "{name}" is taken already', key=f"{key}[{index}].name")


def _check_duration(text: str, file: str, key: str) -> None:
    try:
        value = seconds(text)
    except ValueError as error:
        raise DefinitionError(file, str(error), key=key) from error
    if value <= 0:
        raise DefinitionError(file, f'"{text}" is no time; expected more than 0 s', key=key)
