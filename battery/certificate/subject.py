"""The subject: what a certificate speaks about, from a file, a digest, or the source tree."""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from battery.errors import UsageError
from battery.model.plan import Subject

_DIGEST = re.compile(r"(?P<name>.+)@sha256:(?P<hex>[0-9a-f]{64})")
_CHUNK = 1 << 20
# What building, testing and this battery leave behind; it changes without the source changing.
LEFT_BEHIND = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".nox", ".tox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
)
# Left behind at the root only: deeper down these may well be names in the source.
_AT_ROOT = frozenset({"artifacts", "battery.key", "battery.pub"})
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "ls-files", "-z")
_IGNORED = ("--others", "--ignored", "--directory", "--exclude-per-directory=.gitignore")


def from_digest(text: str) -> Subject:
    """NAME@sha256:HEX, as images are named.

    Raises: UsageError for any other form.
    """
    match = _DIGEST.fullmatch(text)
    if match is None:
        raise UsageError(f'--subject: "{text}" is not NAME@sha256:HEX with 64 lower-case hex digits')
    return Subject(name=match["name"], sha256=match["hex"])


def from_file(path: Path) -> Subject:
    """A file and the digest of its bytes.

    Raises: UsageError when it cannot be read.
    """
    return Subject(name=path.name, sha256=_digest(path, "--subject-file"))


def from_tree(root: Path) -> Subject:
    """A source tree: the digest of each file's path, kind and content; links are taken as they are, not followed.

    What its .gitignore files exclude, and what runs and keys of the battery leave at its root, is no part of it.
    Raises: UsageError when the tree is absent or a part of it cannot be read.
    """
    if not root.is_dir():
        raise UsageError(f"--source: {root}: is no folder")
    digest = hashlib.sha256()
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        digest.update(_entry(path, name).encode("utf-8", "surrogateescape"))
    return Subject(name=f"source:{root.resolve().name or 'root'}", sha256=digest.hexdigest())


def _files(root: Path) -> Iterator[Path]:
    """Files and links below the root, in one order on every machine."""
    ignored = _ignored(root)

    def fail(error: OSError) -> None:
        raise UsageError(f"--source: {error.filename}: cannot be read: {error.strerror}") from error

    for folder, folders, files in os.walk(root, onerror=fail):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        place = Path(folder)
        left = LEFT_BEHIND | _AT_ROOT if place == root else LEFT_BEHIND
        folders[:] = sorted(
            name for name in folders if name not in left and name not in links and place / name not in ignored
        )
        names = sorted(name for name in files + links if place != root or name not in _AT_ROOT)
        yield from (place / name for name in names if place / name not in ignored)


def _ignored(root: Path) -> frozenset[Path]:
    """What a git checkout's own .gitignore files exclude; nothing elsewhere, or where there is no git."""
    if not (root / ".git").exists():
        return frozenset()
    try:
        listed = subprocess.run([*_GIT, *_IGNORED], cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    return frozenset(root / os.fsdecode(name).rstrip("/") for name in listed.split(b"\0") if name)


def _entry(path: Path, name: str) -> str:
    if path.is_symlink():
        return f"link {name}\0{path.readlink()}\0"
    if not path.is_file():
        return f"special {name}\0\0"
    return f"file {name}\0{_digest(path, '--source')}\0"


def _digest(path: Path, option: str) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise UsageError(f"{option}: {path}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()
