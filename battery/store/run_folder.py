"""One run's folder: plan, evidence and blobs."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from battery.errors import EvidenceCorrupt, StoreError
from battery.model.evidence import BlobRef, Evidence
from battery.model.plan import PLAN_FORMAT, Plan
from battery.store.atomic import write_atomically
from battery.store.encoding import encode, sha256
from battery.store.lock import locked
from battery.store.names import BLOBS, EVIDENCE, LATEST, PLAN, evidence_name, work_name
from battery.store.plain_file import plain_names, read_plain

T = TypeVar("T")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class RunFolder:
    """One run's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, artifacts: Path, plan: Plan) -> "RunFolder":
        """A folder for the plan, which is the first file in it; `latest` points there.

        Raises: StoreError when the folder exists or cannot be made.
        """
        path = artifacts / plan.run
        try:
            data = encode(plan)
            path.mkdir(parents=True)
            (path / EVIDENCE).mkdir()
            (path / BLOBS).mkdir()
        except FileExistsError:
            raise StoreError(f"{path}: exists already; finish it with --resume {path}") from None
        except OSError as error:
            raise StoreError(f"{path}: cannot be made: {error.strerror}") from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{path}: {error.object!a} is not Unicode text; rename it") from error
        folder = cls(path)
        try:
            write_atomically(path / PLAN, data)
        except StoreError:
            folder._remove_empty()
            raise
        folder.point_latest()
        return folder

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """A folder that holds a plan of this version.

        Raises: StoreError when there is none, EvidenceCorrupt when it cannot be read.
        """
        try:
            folder = cls(path.resolve(strict=True))
            is_run = (folder.path / PLAN).is_file()
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, until Python 3.13
            reason = getattr(error, "strerror", "") or "a loop of links"
            raise StoreError(f"{path}: is no run folder: {reason}") from error
        if not is_run:
            raise StoreError(f"{path}: is no run folder (no {PLAN}); runs stand in artifacts/<run-id>")
        folder.plan()
        return folder

    def plan(self) -> Plan:
        """The plan.

        Raises: StoreError for another version's run, EvidenceCorrupt when it is no plan.
        """
        data, path = self.plan_bytes(), self.path / PLAN
        version = _decoded(data, _Plan, path).format
        if version != PLAN_FORMAT:
            raise StoreError(
                f"{self.path}: written in run format {version}, this battery reads format {PLAN_FORMAT}; "
                "use the battery version that made it"
            )
        return _decoded(data, Plan, path)

    def plan_bytes(self) -> bytes:
        """The plan's bytes, of which its digest is taken."""
        return read_plain(self.path / PLAN)

    def digest(self) -> str:
        """The plan's digest."""
        return sha256(self.plan_bytes())

    def write_evidence(self, evidence: Evidence) -> None:
        """Keep what a check recorded."""
        write_atomically(self.path / evidence_name(evidence.check), encode(evidence))

    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence in the folder, by file name, with its blobs re-hashed.

        Raises: EvidenceCorrupt when a file is no evidence, or a blob is absent or changed.
        """
        return tuple(self._evidence(name) for name in plain_names(self.path / EVIDENCE))

    def _evidence(self, name: str) -> Evidence:
        path = self.path / EVIDENCE / name
        item = _decoded(read_plain(path), Evidence, path)
        if evidence_name(item.check) != f"{EVIDENCE}/{name}":
            raise EvidenceCorrupt(f"{path}: holds the evidence of {item.check!r}")
        for blob in item.blobs:
            if len(self.read_blob(blob.sha256)) != blob.size:
                raise EvidenceCorrupt(
                    f"{path}: says that blob {blob.sha256} has {blob.size} bytes; it has not"
                )
        return item

    def work(self, check: str) -> Path:
        """Where a check keeps what a killed run shall go on from; no certificate vouches for it."""
        return self.path / work_name(check)

    def forget_work(self, check: str) -> None:
        """Its evidence is written: nothing goes on from there any more."""
        shutil.rmtree(self.work(check), ignore_errors=True)

    def write_blob(self, name: str, data: bytes, media_type: str) -> BlobRef:
        """Keep a raw file under its digest."""
        digest = sha256(data)
        path = self.path / BLOBS / digest
        if not os.path.lexists(path):
            write_atomically(path, data)
        return BlobRef(name=name, sha256=digest, size=len(data), media_type=media_type)

    def read_blob(self, digest: str) -> bytes:
        """The blob's bytes.

        Raises: EvidenceCorrupt when it is absent or its bytes have another digest.
        """
        if not _DIGEST.fullmatch(digest):
            raise EvidenceCorrupt(f"{self.path / BLOBS}: {digest[:80]!r} is no digest")
        data = read_plain(self.path / BLOBS / digest)
        if sha256(data) != digest:
            raise EvidenceCorrupt(f"{self.path / BLOBS / digest}: its bytes have the digest {sha256(data)}")
        return data

    def items(self) -> dict[str, bytes]:
        """Everything a certificate vouches for: plan, evidence and blobs, by relative name.

        Raises: EvidenceCorrupt for anything that is not a plain file.
        """
        found = {PLAN: self.plan_bytes()}
        for part in (EVIDENCE, BLOBS):
            for name in plain_names(self.path / part):
                found[f"{part}/{name}"] = read_plain(self.path / part / name)
        return found

    def point_latest(self) -> None:
        """Make artifacts/latest point to this run."""
        link = self.path.parent / LATEST
        temporary = self.path.parent / f".{LATEST}.{os.getpid()}"
        try:
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(self.path.name)
            temporary.replace(link)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise StoreError(f"{link}: cannot be pointed at this run: {error.strerror}") from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run alone.

        Raises: StoreError when another process works on it.
        """
        with locked(self.path / ".lock", wait=False):
            yield

    def _remove_empty(self) -> None:
        """Leave no folder behind that no plan ever stood in."""
        with contextlib.suppress(OSError):
            for folder in (self.path / EVIDENCE, self.path / BLOBS, self.path):
                folder.rmdir()


class _Plan(msgspec.Struct):
    """Just enough of a plan to tell its version."""

    format: int


def _decoded(data: bytes, kind: type[T], path: Path) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EvidenceCorrupt(f"{path}: is no {kind.__name__.strip('_').lower()}: {error}") from error
