"""Defects of the source tree: a copy of the reference with one more file, or one more line, that must not be there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from battery.reference.defects.exposed_env import settings_file
from battery.reference.defects.made_up import made_up

SOURCE = Path(__file__).parents[1]
# What work leaves behind is no part of the source.
_LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "*.pyc", ".coverage*", ".pytest_cache", ".mypy_cache", ".ruff_cache"
)


class UnknownSourceDefect(ValueError):
    """No defect of the source has the name that was given."""


class SourceDefect(msgspec.Struct, frozen=True, kw_only=True):
    """A name, what it does in one line, the scanner that must find it, and where it is."""

    name: str
    title: str
    scanner: str
    file: str
    written: Callable[[], str]


def _client() -> str:
    key, secret = f"AKIA{made_up('access key', 16).upper()}", made_up("secret key", 40)
    return f'"""The payment provider."""\n\nACCESS_KEY_ID = "{key}"\nSECRET_ACCESS_KEY = "{secret}"\n'


SOURCE_DEFECTS = (
    SourceDefect(
        name="secret_in_source",
        title="an access key stands in the source",
        scanner="secrets",
        file="payments.py",
        written=_client,
    ),
    SourceDefect(
        name="vulnerable_dependency",
        title="a dependency with known vulnerabilities is pinned",
        scanner="vulnerabilities",
        file="requirements.txt",
        written=lambda: "jinja2==2.4.1\n",
    ),
    SourceDefect(
        name="env_file",
        title="a file of settings with secrets lies in the source",
        scanner="configuration",
        file=".env",
        written=settings_file,
    ),
)
SOURCE_DEFECT_NAMES = tuple(defect.name for defect in SOURCE_DEFECTS)


def copy_source(folder: Path) -> Path:
    """A copy of the reference's own source as `folder`, which must not exist yet.

    Raises: OSError.
    """
    shutil.copytree(SOURCE, folder, ignore=_LEFT_OUT)
    return folder


def plant(folder: Path, name: str) -> Path:
    """A copy of the source as `folder`, with one defect; the file in which it stands.

    Raises: UnknownSourceDefect, OSError.
    """
    chosen = next((defect for defect in SOURCE_DEFECTS if defect.name == name), None)
    if chosen is None:
        raise UnknownSourceDefect(
            f"there is no source defect {name!r}; there are {', '.join(SOURCE_DEFECT_NAMES)}"
        )
    file = copy_source(folder) / chosen.file
    with file.open("a", encoding="utf-8") as opened:
        opened.write(chosen.written())
    return file
