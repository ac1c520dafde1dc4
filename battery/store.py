"""The store: artifacts/<run-id> with its plan, evidence and blobs, written atomically and re-hashed on read."""

import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from battery.errors import EvidenceCorrupt, StoreError
from battery.model.evidence import BlobRef, Evidence
from battery.model.plan import PLAN_FORMAT, Plan

PLAN, CERTIFICATE, PROGRESS = "plan.json", "certificate.json", "progress.jsonl"
EVIDENCE, BLOBS = "evidence", "blobs"
LATEST = "latest"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def encode(value: object) -> bytes:
    """A struct as indented JSON with a final newline: what stands in a run folder."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def sha256(data: bytes) -> str:
    """The digest by which everything in a run folder is known."""
    return hashlib.sha256(data).hexdigest()


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write all of the bytes or nothing: a temporary file, fsync, rename.

    Raises: StoreError when the disk is full or the folder cannot be written.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error


def evidence_name(check: str) -> str:
    """The evidence file of a check, relative to the run folder; distinct checks get distinct names."""
    safe = _UNSAFE.sub("-", check)
    if safe != check or safe.startswith("."):
        safe = f"{safe.lstrip('.')}-{sha256(check.encode())[:8]}"
    return f"{EVIDENCE}/{safe}.json"


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
            path.mkdir(parents=True)
            (path / EVIDENCE).mkdir()
            (path / BLOBS).mkdir()
        except FileExistsError:
            raise StoreError(f"{path}: exists already; finish it with --resume {path}") from None
        except OSError as error:
            raise StoreError(f"{path}: cannot be made: {error.strerror}") from error
        folder = cls(path)
        write_atomically(path / PLAN, encode(plan))
        folder.point_latest()
        return folder

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """A folder that holds a plan of this version.

        Raises: StoreError when there is none, EvidenceCorrupt when it cannot be read.
        """
        folder = cls(path.resolve())
        if not (folder.path / PLAN).is_file():
            raise StoreError(f"{path}: is no run folder (no {PLAN}); runs stand in artifacts/<run-id>")
        folder.plan()
        return folder

    def plan(self) -> Plan:
        """The plan.

        Raises: StoreError for another version's run, EvidenceCorrupt when it is no plan.
        """
        data = self.plan_bytes()
        try:
            version = msgspec.json.decode(data, type=_Versioned).format
            if version != PLAN_FORMAT:
                raise StoreError(
                    f"{self.path}: written in run format {version}, this battery reads format {PLAN_FORMAT}; "
                    "use the battery version that made it"
                )
            return msgspec.json.decode(data, type=Plan)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise EvidenceCorrupt(f"{self.path / PLAN}: is no plan: {error}") from error

    def plan_bytes(self) -> bytes:
        """The plan's bytes, of which its digest is taken."""
        return self._read(self.path / PLAN)

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
        found = []
        for path in sorted((self.path / EVIDENCE).glob("*.json")):
            try:
                item = msgspec.json.decode(self._read(path), type=Evidence)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise EvidenceCorrupt(f"{path}: is no evidence: {error}") from error
            if self.path / evidence_name(item.check) != path:
                raise EvidenceCorrupt(f"{path}: holds the evidence of {item.check}")
            for blob in item.blobs:
                self.read_blob(blob.sha256)
            found.append(item)
        return tuple(found)

    def write_blob(self, name: str, data: bytes, media_type: str) -> BlobRef:
        """Keep a raw file under its digest."""
        digest = sha256(data)
        path = self.path / BLOBS / digest
        if not path.exists():
            write_atomically(path, data)
        return BlobRef(name=name, sha256=digest, size=len(data), media_type=media_type)

    def read_blob(self, digest: str) -> bytes:
        """The blob's bytes.

        Raises: EvidenceCorrupt when it is absent or its bytes have another digest.
        """
        data = self._read(self.path / BLOBS / digest)
        if sha256(data) != digest:
            raise EvidenceCorrupt(f"{self.path / BLOBS / digest}: its bytes have the digest {sha256(data)}")
        return data

    def items(self) -> dict[str, bytes]:
        """Everything a certificate vouches for: plan, evidence and blobs, by relative name.

        Raises: EvidenceCorrupt for anything that is not a plain file.
        """
        found = {PLAN: self.plan_bytes()}
        for part in (EVIDENCE, BLOBS):
            for path in sorted((self.path / part).iterdir()):
                if path.name.startswith("."):
                    continue  # an atomic write that was cut off; nothing reads it
                if path.is_symlink() or not path.is_file():
                    raise EvidenceCorrupt(f"{path}: is not a plain file")
                found[f"{part}/{path.name}"] = self._read(path)
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
            temporary.unlink(missing_ok=True)
            raise StoreError(f"{link}: cannot be pointed at this run: {error.strerror}") from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run alone.

        Raises: StoreError when another process works on it.
        """
        with locked(self.path / ".lock", wait=False):
            yield

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise EvidenceCorrupt(f"{path}: cannot be read: {error.strerror}") from error


class _Versioned(msgspec.Struct):
    """Just enough of a plan to tell its version."""

    format: int


@contextlib.contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold a lock file; the kernel lets go of it when the process dies.

    Raises: StoreError when it is held and `wait` is false, or cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    except BlockingIOError:
        raise StoreError(f"{path.parent}: another battery works on this run") from None
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
