"""One TOML file, read and decoded strictly."""

import hashlib
import stat
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from battery.definitions.decoding import decode
from battery.errors import DefinitionError

T = TypeVar("T")
_SIZE_CAP = 4 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises: DefinitionError when it is absent, unreadable, not a plain file or too large.
    """
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise DefinitionError(str(path), "is a folder, expected a TOML file")
        if not stat.S_ISREG(kind):  # a pipe without a writer would never end
            raise DefinitionError(str(path), "is not a plain file, expected a TOML file")
        with path.open("rb") as file:
            data = file.read(_SIZE_CAP + 1)
    except FileNotFoundError:
        hint = "`battery init` writes one" if path.name == "battery.toml" else ""
        raise DefinitionError(str(path), "no such file", hint=hint) from None
    except OSError as error:
        raise DefinitionError(str(path), f"cannot be read: {error.strerror}") from error
    if len(data) > _SIZE_CAP:
        raise DefinitionError(
            str(path), f"is larger than {_SIZE_CAP // 1024 // 1024} MiB, expected a TOML file"
        )
    return data


def parse(data: bytes, file: str) -> dict[str, Any]:
    """The TOML tables in the bytes.

    Raises: DefinitionError with the line where they stop being UTF-8 or TOML.
    """
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DefinitionError(file, f"line {line} is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(file, f"is not TOML: {error}") from error
    except ValueError as error:
        raise DefinitionError(file, "holds a number of thousands of digits") from error
    except RecursionError as error:
        raise DefinitionError(file, "is nested too deeply") from error


def load(path: Path, kind: type[T]) -> tuple[T, str]:
    """The decoded file and the sha256 of its bytes.

    Raises: DefinitionError when it cannot be read or is not a `kind`.
    """
    data = read_bytes(path)
    return decode(parse(data, str(path)), kind, str(path)), hashlib.sha256(data).hexdigest()
