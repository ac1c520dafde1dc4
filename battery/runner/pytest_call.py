"""Calling pytest so that nothing around the target changes it: our own ini, no conftest, no foreign plugins."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

INI = Path(__file__).resolve().parent / "pytest.ini"
_WITHOUT = (
    "cacheprovider",
    "doctest",
    "junitxml",
    "logging",
    "pastebin",
    "stepwise",
    "terminal",
    "unittest",
    "warnings",
)


def call_pytest(folders: Iterable[Path], plugins: Sequence[object], *options: str) -> int:
    """Run pytest over the folders' check_*.py; its exit code."""
    arguments = ["-c", str(INI), "--rootdir", str(INI.parent), "--noconftest", "--import-mode=importlib"]
    arguments += ["--capture=sys", "--continue-on-collection-errors"]
    arguments += [word for name in _WITHOUT for word in ("-p", f"no:{name}")]
    with _without_pytest_variables():
        return int(pytest.main([*arguments, *options, *map(str, folders)], plugins=list(plugins)))


@contextlib.contextmanager
def _without_pytest_variables() -> Iterator[None]:
    """Hide the caller's pytest settings for the time of the call."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_")}
    for name in hidden:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(hidden)
