"""The history: every version of every file that any branch or tag remembers, each content once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from battery.model.frozen import Frozen
from battery.scan.interface import Found, Skipped
from battery.scan.source.pool_messages import Piece
from battery.scan.source.secrets.git import GitFailed, ask, git_command, git_environment
from battery.scan.source.tree import LARGEST, shown

_MARK = "git:"
_SHORT = 12


class Blob(Frozen, frozen=True, kw_only=True):
    """One content that a commit added, under the path it was first seen at."""

    id: str
    path: str
    size: int

    @property
    def name(self) -> str:
        """What the piece is called until its commit is known."""
        return f"{_MARK}{self.id}:{self.path}"


class History:
    """The blobs of a repository; `doubts` says why they may not be all."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.doubts: tuple[str, ...] = ()
        self.skipped: list[Skipped] = []
        try:
            listed = self._listed()
        except GitFailed as error:
            self.doubts = (f"the history could not be searched: {error}",)
            listed = []
        self._blobs = tuple(blob for blob in listed if blob.size <= LARGEST)
        for blob in listed:
            if blob.size > LARGEST:
                reason = f"{blob.size / 1024 / 1024:.0f} MB in the history are more than are read"
                self.skipped.append(Skipped(what=blob.name, reason=reason, harmless=False))
        self.unlisted = len(self.skipped)

    def blobs(self) -> tuple[Blob, ...]:
        """What there is to search."""
        return self._blobs

    def pieces(self) -> Iterator[Piece]:
        """Each blob with its content, read as the pool asks for it."""
        if not self._blobs:
            return
        with subprocess.Popen(
            git_command(self._root, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=git_environment(),
        ) as git:
            try:
                for blob in self._blobs:
                    yield Piece(name=blob.name, size=blob.size, content=_content(git, blob))
            except (GitFailed, OSError) as error:
                self.doubts = (*self.doubts, f"the history was not searched to its end: {error}")
            finally:
                git.kill()

    def placed(self, found: list[Found]) -> list[Found]:
        """The findings with the commit that first brought each of them in the place of the blob."""
        if not any(item.where.startswith(_MARK) for item in found):
            return found
        commits = self._commits()
        return [_placed(item, commits) if item.where.startswith(_MARK) else item for item in found]

    def _commits(self) -> dict[str, str]:
        """The first commit of each blob, in one pass over the log."""
        options = (
            "--all",
            "--reverse",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-m",
            "--root",
            "--format=%H",
        )
        try:
            lines = ask(self._root, "log", *options).splitlines()
        except GitFailed:
            return {}  # the finding then names the blob, which git can find as well
        commits: dict[str, str] = {}
        commit = ""
        for line in lines:
            if line.startswith(b":"):
                commits.setdefault(line.split(b" ", 4)[3].decode(), commit)
            elif line:
                commit = line.decode()[:_SHORT]
        return commits

    def _listed(self) -> list[Blob]:
        if ask(self._root, "rev-parse", "--is-shallow-repository").strip() == b"true":
            self.doubts = (
                "the history is cut off (a shallow clone): fetch all of it (git fetch --unshallow)",
            )
        objects = ask(self._root, "rev-list", "--objects", "--all", "--missing=print")
        paths: dict[str, str] = {}
        for line in objects.splitlines():
            name, _, path = line.partition(b" ")
            if name.startswith(b"?"):
                self.doubts = (
                    "the history is partial: git has no content for some versions (a partial clone)",
                )
            elif path:
                paths.setdefault(name.decode(), shown(path.decode("utf-8", "surrogateescape")))
        return self._sized(paths)

    def _sized(self, paths: dict[str, str]) -> list[Blob]:
        """The blobs among the objects, with their sizes."""
        asked = "".join(f"{name}\n" for name in paths).encode()
        answer = ask(
            self._root, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", given=asked
        )
        blobs = []
        for line in answer.decode().splitlines():
            name, kind, size = [*line.split(" "), "", ""][:3]
            if kind == "blob":
                blobs.append(Blob(id=name, path=paths[name], size=int(size)))
        return blobs


def _placed(item: Found, commits: dict[str, str]) -> Found:
    _, blob, path = item.where.split(":", 2)
    return msgspec.structs.replace(item, where=f"{_MARK}{commits.get(blob, blob[:_SHORT])}:{path}")


def _content(git: "subprocess.Popen[bytes]", blob: Blob) -> bytes:
    if git.stdin is None or git.stdout is None:
        raise GitFailed("git was started without pipes")
    git.stdin.write(blob.id.encode() + b"\n")
    git.stdin.flush()
    head = git.stdout.readline()
    if (
        head != f"{blob.id} blob {blob.size}\n".encode()
    ):  # without content after it, so that reading on would never end
        raise GitFailed(f"git has lost {blob.name}")
    content = git.stdout.read(blob.size)
    git.stdout.read(1)
    if len(content) != blob.size:
        raise GitFailed(f"git gave {len(content)} of {blob.size} bytes of {blob.id}")
    return content
