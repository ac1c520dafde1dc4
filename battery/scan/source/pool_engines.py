"""The engines: what may run in a worker, each a module with `open_engine(key)` and `libraries()`."""

import importlib
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from battery.scan.source.pool_messages import Answer

Engine = Callable[[str, bytes], Answer]

ENGINES = {
    "code": ("battery.scan.source.code.engine", ("bandit",)),
    "secrets": ("battery.scan.source.secrets.engine", ("detect-secrets", "pyyaml")),
    "configuration": ("battery.scan.source.configuration.engine", ("pyyaml", "detect-secrets")),
    "logs": ("battery.scan.source.logs.engine", ("detect-secrets",)),
}


def open_engine(name: str, key: bytes) -> Engine:
    """The engine, ready to scan: `(name, content) -> Answer`."""
    engine: Engine = importlib.import_module(ENGINES[name][0]).open_engine(key)
    return engine


def libraries_of(name: str) -> str:
    """The libraries that an engine stands on, with their versions."""
    return ", ".join(f"{library} {version(library)}" for library in ENGINES[name][1])


@cache
def engine_version(name: str) -> str:
    """What a cached answer depends on beside the content: libraries, rules, and the scanners' own source."""
    libraries = [f"{library} {version(library)}" for library in ENGINES[name][1]]
    return " ".join(
        [sys.version, *libraries, _digest_of("battery.scan.rules"), _digest_of("battery.scan.source")]
    )


@cache
def _digest_of(package: str) -> str:
    digest = blake2b(digest_size=16)
    root = Path(str(files(package)))
    for file in sorted([*root.rglob("*.py"), *root.rglob("*.toml")]):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
