"""The cache: answers about contents that were scanned before, by the same engine, rules and libraries.

One file an engine, written whole and put in place at once. Each record carries a keyed mark of itself: a torn, stale or
forged one is as if it were not there, so nobody can plant "nothing found". It holds masked excerpts and sealed contents
only, never a secret.
"""

import hmac
import os
import struct
import tempfile
from hashlib import blake2b
from pathlib import Path

import msgspec

from battery.scan.source.pool_engines import engine_version
from battery.scan.source.pool_messages import Answer

_MAGIC = b"battery scan cache 1\n"
_HEAD = struct.Struct(">32sI")
_MARK = 16
_MOST_RECORDS, _MOST_BYTES = 100_000, 128 * 1024 * 1024


class Cache:
    """The answers of one engine in a folder; `unusable` says why they could not be read or kept."""

    def __init__(self, folder: Path, key: bytes, engine: str) -> None:
        self._file = folder / f"{engine}.cache"
        self._key = blake2b(key, digest_size=32, person=b"battery cache").digest()
        self._version = engine_version(engine).encode()
        self._changed = False
        self._used: dict[bytes, bytes] = {}
        self.unusable = ""
        self._records = self._load()

    def name(self, name: str, content: bytes) -> bytes:
        """What an answer about this content, found under this name, is kept under."""
        digest = blake2b(self._version, digest_size=32)
        encoded = name.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
        digest.update(content)
        return digest.digest()

    def get(self, name: bytes) -> Answer | None:
        """The answer that was kept; None where there is none that can be trusted."""
        record = self._records.get(name)
        if record is None or not hmac.compare_digest(record[-_MARK:], self._mark(name, record[:-_MARK])):
            return None
        try:
            answer = msgspec.msgpack.decode(record[:-_MARK], type=Answer)
        except msgspec.MsgspecError:
            return None
        self._used[name] = record
        return answer

    def put(self, name: bytes, answer: Answer) -> None:
        """Keep an answer, unless another attempt could end otherwise."""
        if answer.unread and not answer.harmless:
            return
        body = msgspec.msgpack.encode(answer)
        self._used[name] = body + self._mark(name, body)
        self._changed = True

    def save(self) -> None:
        """Write what is worth keeping: what this scan used last, so that it stays longest."""
        if not self._changed:
            return
        unused = {name: record for name, record in self._records.items() if name not in self._used}
        records = _newest({**unused, **self._used})
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(b"".join([_MAGIC, *(_HEAD.pack(name, len(body)) + body for name, body in records)]))
        except OSError as error:
            self.unusable = f"{self._file}: not written ({error.strerror}); the next scan starts from nothing"

    def _write(self, content: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).replace(self._file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _load(self) -> dict[bytes, bytes]:
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.unusable = f"{self._file}: not read ({error.strerror}); everything is scanned again"
            return {}
        return _parsed(content)

    def _mark(self, name: bytes, body: bytes) -> bytes:
        return blake2b(name + body, key=self._key, digest_size=_MARK).digest()


def _parsed(content: bytes) -> dict[bytes, bytes]:
    """The records by name, up to the first that is torn."""
    records: dict[bytes, bytes] = {}
    at = len(_MAGIC) if content.startswith(_MAGIC) else len(content)
    while at + _HEAD.size <= len(content):
        name, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        if length < _MARK or at + length > len(content):
            break
        records[name] = content[at : at + length]
        at += length
    return records


def _newest(records: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    kept: list[tuple[bytes, bytes]] = []
    size = 0
    for name, record in reversed(records.items()):
        size += len(record)
        if len(kept) == _MOST_RECORDS or size > _MOST_BYTES:
            break
        kept.append((name, record))
    return kept[::-1]
