"""Calling pytest so that nothing around the target changes it: our own ini, no conftest, no foreign plugins."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from battery.errors import StoreError

INI = Path(__file__).resolve().parent / "pytest.ini"
_WITHOUT = (
    "cacheprovider",
    "doctest",
    "faulthandler",
    "junitxml",
    "logging",
    "pastebin",
    "stepwise",
    "terminal",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)


class _Colourless:
    """Stands in for the terminal, which pytest 8 asks for colours when it words a failed comparison."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(_Writer(), "terminalreporter")


class _Writer:
    """As much of a terminal writer as that question needs."""

    @property
    def _tw(self) -> "_Writer":
        return self

    def _highlight(self, source: str, *_: str, **__: str) -> str:
        return source


def call_pytest(folders: Iterable[Path], plugins: Sequence[object], *options: str) -> int:
    """Run pytest over the folders' check_*.py; its exit code.

    Raises: StoreError when what the checks print cannot be kept.
    """
    arguments = ["-c", str(INI), "--rootdir", str(INI.parent), "--noconftest", "--import-mode=importlib"]
    # By descriptor: what the children of a check print belongs to the check, and never on our stdout.
    arguments += ["--capture=fd", "--continue-on-collection-errors"]
    arguments += [word for name in _WITHOUT for word in ("-p", f"no:{name}")]
    with _without_pytest_variables():
        try:
            return int(
                pytest.main([*arguments, *options, *map(str, folders)], plugins=[*plugins, _Colourless()])
            )
        except OSError as error:
            raise StoreError(f"no temporary file for the output of checks: {error}; mend TMPDIR") from error


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
        os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
        os.environ.update(hidden)
