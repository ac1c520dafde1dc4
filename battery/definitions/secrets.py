"""Secrets: battery.toml holds references to them, never the secrets, for the plan keeps a copy of it."""

import re
from collections.abc import Mapping

from battery.definitions.spelling import key_path
from battery.errors import DefinitionError

_SECRET_NAME = re.compile(
    r"auth|cookie|token|secret|api[-_]?key|access[-_]?key|passw|passphrase|credential", re.IGNORECASE
)
_SECRET_VALUE = re.compile(r"(?:bearer|basic) \S|[a-z][a-z0-9+.-]*://[^/@\s]*:[^/@\s]+@", re.IGNORECASE)
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")


def check_headers(headers: Mapping[str, str], file: str, key: str) -> None:
    """Names and values that HTTP can carry, and no secret among them.

    Raises: DefinitionError.
    """
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            problem = "is no header name; expected letters, digits and hyphens"
            raise DefinitionError(file, problem, key=f"{key}.{key_path([name])}")
        if not _HEADER_VALUE.fullmatch(value):
            raise DefinitionError(file, "holds more than printable ASCII", key=f"{key}.{name}")
    check_no_secrets(headers, file, key)


def check_no_secrets(values: Mapping[str, str], file: str, key: str) -> None:
    """Whatever is secret by its name or its look stands there as a reference to the environment.

    Raises: DefinitionError; it never repeats the value.
    """
    for name, value in values.items():
        place = f"{key}.{key_path([name])}"
        if value.startswith("env:"):
            if not _REFERENCE.fullmatch(value):
                problem = "is not env: and the name of a variable; expected a reference such as env:API_TOKEN"
                raise DefinitionError(file, problem, key=place)
        elif value and (_SECRET_NAME.search(name) or _SECRET_VALUE.search(value)):
            hint = 'put it in the environment and write "env:NAME"'
            raise DefinitionError(file, "a secret stands in the file", key=place, hint=hint)
