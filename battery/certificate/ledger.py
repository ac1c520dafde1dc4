"""The ledger: one line a certificate, each holding the hash of the line before, under a signed checkpoint."""

import hashlib
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from battery.certificate import merkle
from battery.certificate.canonical import NotCanonical, canonical
from battery.certificate.dsse import decode64, encode64, pae
from battery.certificate.keys import PublicKey
from battery.certificate.signers import Signer
from battery.certificate.strict_json import NotStrict, parse
from battery.errors import EvidenceCorrupt, StoreError
from battery.model.certificate import Instant
from battery.model.evidence import Mode
from battery.model.frozen import Frozen
from battery.model.verdict import Result
from battery.store import locked, write_atomically

LEDGER, CHECKPOINT = "ledger.jsonl", "ledger.checkpoint"
CHECKPOINT_TYPE = "application/vnd.hardening-battery.checkpoint+json"
FIRST = "0" * 64


class Entry(Frozen, frozen=True, kw_only=True):
    """One line: the certificate by its payload's digest, and the hash of the line before."""

    seq: int
    time: Instant
    certificate: str
    previous: str
    run: str
    result: str
    level: str


class Checkpoint(Frozen, frozen=True, kw_only=True):
    """How many lines there were, and the RFC 6962 root over them."""

    size: Annotated[int, Meta(ge=0)]
    root: str
    time: Instant


class SignedCheckpoint(Frozen, frozen=True, kw_only=True):
    """ledger.checkpoint: the checkpoint's bytes and a signature over them."""

    payload: str
    sig: str


class Ledger(Frozen, frozen=True, kw_only=True):
    """An unbroken ledger; `note` says what vouches for it."""

    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]
    note: str


class LedgerBroken(ValueError):
    """The ledger was edited, or is not what its checkpoint vouches for."""


def read_ledger(data: bytes, checkpoint: bytes | None, key: PublicKey | None) -> Ledger:
    """The entries, their chain checked; under the checkpoint too where one is given with its key.

    Raises: LedgerBroken for an edit, a deletion, a reorder, a truncation or a re-chaining.
    """
    lines = tuple(data.split(b"\n")[:-1])
    if data and not data.endswith(b"\n"):
        raise LedgerBroken(f"line {len(lines)} is cut off")
    entries: list[Entry] = []
    previous = FIRST
    for number, line in enumerate(lines):
        entry = _entry(line, number)
        if entry.seq != number or entry.previous != previous:
            raise LedgerBroken(f"line {number} does not follow from the line before")
        if entries and entry.time < entries[-1].time:
            raise LedgerBroken(f"line {number} is older than the line before")
        entries.append(entry)
        previous = hashlib.sha256(line).hexdigest()
    note = "chain unbroken, no checkpoint given"
    if checkpoint is not None and key is not None:
        note = _check_against(lines, read_checkpoint(checkpoint, key))
    return Ledger(entries=tuple(entries), lines=lines, note=note)


def read_checkpoint(data: bytes, key: PublicKey) -> Checkpoint:
    """The checkpoint, its signature checked.

    Raises: LedgerBroken.
    """
    try:
        signed = msgspec.convert(parse(data), SignedCheckpoint)
        payload, signature = decode64(signed.payload), decode64(signed.sig)
        if not key.verifies(signature, pae(CHECKPOINT_TYPE, payload)):
            raise LedgerBroken("the checkpoint is not signed by the given key")
        return msgspec.convert(parse(payload), Checkpoint)
    except LedgerBroken:
        raise
    except (msgspec.ValidationError, ValueError) as error:
        raise LedgerBroken(f"the checkpoint: {error}") from error


def head(folder: Path) -> str:
    """The last certificate in the folder's ledger, or nothing.

    Raises: EvidenceCorrupt when the ledger is broken.
    """
    entries = _load(folder).entries
    return entries[-1].certificate if entries else ""


def append(
    folder: Path, certificate: str, time: datetime, run: str, verdict: tuple[str, str], signer: Signer
) -> None:
    """Add a line and sign a checkpoint over all of them; a certificate that stands there is not added again.

    Raises: EvidenceCorrupt when the ledger is broken, StoreError when it cannot be written.
    """
    ledger = _load(folder)
    lines = list(ledger.lines)
    if not any(entry.certificate == certificate for entry in ledger.entries):
        entry = Entry(
            seq=len(lines),
            # Runs that overlap may finish in another order than they are listed in.
            time=max(time, ledger.entries[-1].time) if ledger.entries else time,
            certificate=certificate,
            previous=hashlib.sha256(lines[-1]).hexdigest() if lines else FIRST,
            run=run,
            result=verdict[0],
            level=verdict[1],
        )
        lines.append(canonical(entry))
        write_atomically(folder / LEDGER, b"".join(line + b"\n" for line in lines))
    write_atomically(folder / CHECKPOINT, sign_checkpoint(lines, time, signer))


def in_words(result: Result, mode: Mode) -> str:
    """A result as its line tells it: a rehearsal's can never be read as a certification."""
    return f"BASELINE {result}" if mode == "baseline" else result


def sign_checkpoint(lines: list[bytes], time: datetime, signer: Signer) -> bytes:
    """ledger.checkpoint over the lines."""
    payload = canonical(Checkpoint(size=len(lines), root=merkle.root(lines), time=time))
    signature = signer.sign(pae(CHECKPOINT_TYPE, payload))
    return msgspec.json.encode(SignedCheckpoint(payload=encode64(payload), sig=encode64(signature))) + b"\n"


def hold(folder: Path) -> AbstractContextManager[None]:
    """Hold the ledger alone, between reading its head and appending.

    Raises: StoreError when its folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {error.strerror}") from error
    return locked(folder / ".ledger.lock", wait=True)


def _load(folder: Path) -> Ledger:
    path = folder / LEDGER
    try:
        return read_ledger(path.read_bytes() if path.exists() else b"", None, None)
    except (LedgerBroken, OSError) as error:
        raise EvidenceCorrupt(f"{path}: {error}; move it away to begin another ledger") from error


def _entry(line: bytes, number: int) -> Entry:
    try:
        entry = msgspec.convert(parse(line), Entry)
        if canonical(entry) != line:
            raise LedgerBroken(f"line {number} is not in canonical form")
    except (NotStrict, NotCanonical, msgspec.ValidationError) as error:
        raise LedgerBroken(f"line {number}: {error}") from error
    return entry


def _check_against(lines: tuple[bytes, ...], checkpoint: Checkpoint) -> str:
    if checkpoint.size > len(lines):
        raise LedgerBroken(
            f"truncated: the checkpoint vouches for {checkpoint.size} lines, {len(lines)} are left"
        )
    if merkle.root(lines[: checkpoint.size]) != checkpoint.root:
        raise LedgerBroken(
            f"re-chained: its first {checkpoint.size} lines are not those that the checkpoint vouches for"
        )
    past = len(lines) - checkpoint.size
    return f"chain unbroken, {checkpoint.size} lines vouched for" + (f", {past} added since" if past else "")
