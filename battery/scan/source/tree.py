"""The tree: every file below a source folder, and everything that is not looked at with the reason why."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from battery.errors import UsageError
from battery.model.frozen import Frozen
from battery.scan.interface import Skipped
from battery.scan.source.pool_messages import Piece

LARGEST = 10 * 1024 * 1024
_LOOKED_AT = 8192
# Folders that tools make and anyone can make again: what stands in them is scanned where it comes from.
_MADE_BY_TOOLS = {
    **dict.fromkeys(
        (".git", ".hg", ".svn", ".bzr", "CVS"), "version control's own data; --history scans the commits"
    ),
    **dict.fromkeys(("node_modules", ".eggs"), "installed dependencies: the vulnerability scan judges them"),
    **dict.fromkeys((".tox", ".nox"), "environments of a test runner"),
    **dict.fromkeys(
        ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"),
        "a tool's cache",
    ),
}


class SourceFile(Frozen, frozen=True, kw_only=True):
    """One file: its path below the root as shown, where it really is, its size and its permission bits."""

    name: str
    path: str
    size: int
    mode: int

    def piece(self) -> Piece:
        """The file as a piece to scan."""
        return Piece(name=self.name, size=self.size, file=self.path)


class Tree(Frozen, frozen=True, kw_only=True):
    """What there is to scan, in the order of names, and what was left out."""

    root: str
    files: tuple[SourceFile, ...]
    skipped: tuple[Skipped, ...]

    @property
    def discovered(self) -> int:
        """Files and folders that were seen: those to scan and those left out."""
        return len(self.files) + len(self.skipped)


def tree_of(root: Path, *, exclude: tuple[str, ...] = (), largest: int = LARGEST) -> Tree:
    """Walk a source folder. `exclude` names files and folders below it exactly, as paths from the root.

    Raises: UsageError when the root is no folder that can be read, or an excluded path is not there.
    """
    check_tree(root, exclude)
    walk = _Walk(root, {path.strip("/") for path in exclude}, largest)
    found = list(walk.below(str(root), ""))
    files = sorted((item for item in found if isinstance(item, SourceFile)), key=lambda file: file.name)
    skipped = sorted((item for item in found if isinstance(item, Skipped)), key=lambda skip: skip.what)
    return Tree(root=str(root), files=tuple(files), skipped=tuple(skipped))


def shown(name: str) -> str:
    """A file name as text that any output can carry: bytes that are no UTF-8 as escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def check_tree(root: Path, exclude: tuple[str, ...]) -> None:
    """The root is a folder, and what is excluded from it is there.

    Raises: UsageError.
    """
    if not root.exists():
        raise UsageError(f"source {shown(str(root))} does not exist; name the folder to scan with --source")
    if not root.is_dir():
        raise UsageError(f"source {shown(str(root))} is a file; name the folder that holds it with --source")
    for path in exclude:
        if not os.path.lexists(root / path.strip("/")):
            raise UsageError(
                f"excluded path {shown(path)} is not in {shown(str(root))}; remove or correct it"
            )


class _Walk:
    def __init__(self, root: Path, exclude: set[str], largest: int) -> None:
        self._root, self._exclude, self._largest = os.path.realpath(root), exclude, largest

    def below(self, folder: str, prefix: str) -> Iterator[SourceFile | Skipped]:
        """Everything in a folder, and in the folders below it."""
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield _skip(prefix or ".", f"folder cannot be read: {error.strerror}", harmless=False)
            return
        for entry in found:
            yield from self._entry(entry, f"{prefix}{entry.name}")

    def _entry(self, entry: "os.DirEntry[str]", name: str) -> Iterator[SourceFile | Skipped]:
        if name in self._exclude:
            yield _skip(name, "excluded by the caller")
        elif entry.is_symlink():
            yield self._link(entry, name)
        elif entry.is_dir(follow_symlinks=False):
            reason = _made_by_tools(entry)
            if reason:
                yield _skip(name + "/", reason)
            else:
                yield from self.below(entry.path, name + "/")
        else:
            yield self._file(entry, name)

    def _file(self, entry: "os.DirEntry[str]", name: str) -> SourceFile | Skipped:
        try:
            found = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode):
                return _skip(name, "neither a file nor a folder (a socket, pipe or device)")
            if found.st_size > self._largest:
                return self._large(entry, name, found.st_size)
        except OSError as error:
            return _skip(name, f"cannot be read: {error.strerror}", harmless=False)
        return SourceFile(
            name=shown(name), path=entry.path, size=found.st_size, mode=stat.S_IMODE(found.st_mode)
        )

    def _large(self, entry: "os.DirEntry[str]", name: str, size: int) -> Skipped:
        measure = (
            f"{size / 1024 / 1024:.0f} MB is more than the {self._largest / 1024 / 1024:.0f} MB that are read"
        )
        with open(entry.path, "rb") as stream:  # noqa: PTH123 - a name that is no UTF-8 is no Path to print
            binary = b"\0" in stream.read(_LOOKED_AT)
        if binary:
            return _skip(name, f"binary; {measure}")
        return _skip(
            name, f"text; {measure}: exclude it by name if it holds nothing of yours", harmless=False
        )

    def _link(self, entry: "os.DirEntry[str]", name: str) -> Skipped:
        target = os.path.realpath(entry.path)
        if not os.path.exists(target):  # noqa: PTH110 - as above
            return _skip(name, "a symbolic link to nothing")
        inside = target == self._root or target.startswith(self._root.rstrip("/") + "/")
        if inside:
            return _skip(name, "a symbolic link into the tree: what it names is judged under its own name")
        reason = "a symbolic link out of the tree: scan its target with --source, or exclude the link by name"
        return _skip(name, reason, harmless=False)


def _made_by_tools(entry: "os.DirEntry[str]") -> str:
    if os.path.isfile(os.path.join(entry.path, "pyvenv.cfg")):  # noqa: PTH113, PTH118 - as above
        return "a virtual environment: the vulnerability scan judges what is installed"
    return _MADE_BY_TOOLS.get(entry.name, "")


def _skip(name: str, reason: str, *, harmless: bool = True) -> Skipped:
    return Skipped(what=shown(name), reason=reason, harmless=harmless)
