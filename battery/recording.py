"""Recording: how a check says what it measured. The `record` fixture is one of these."""

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from battery.model.evidence import BlobRef, CheckStatus, Evidence, Mode, Proof
from battery.model.finding import Finding
from battery.model.measure import Measurement
from battery.redaction import redact, redact_json
from battery.store import WORK, RunFolder

Progress = Callable[[float, str], None]
T = TypeVar("T", bound=msgspec.Struct)
_MOST_SAMPLES = 2**53 - 1  # what the certificate's canonical JSON can spell


class Record:
    """Collects one check's measures, proofs, findings, facts and blobs. Nothing in it can pass or fail.

    Known secrets are masked as they come in, in everything that a check words; names of measures and numbers stay.
    """

    def __init__(
        self,
        folder: RunFolder,
        secrets: tuple[str, ...],
        progress: Progress,
        *,
        told: Callable[[str], None] = lambda _: None,
        work: Path | None = None,
    ) -> None:
        """`work` is where the check keeps what a killed run shall go on from."""
        self.work = work or folder.path / WORK
        self._told = told
        self._folder = folder
        self._secrets = secrets
        self._progress = progress
        self._measures: list[Measurement] = []
        self._proofs: list[Proof] = []
        self._findings: list[Finding] = []
        self._facts: dict[str, str] = {}
        self._blobs: list[BlobRef] = []

    def measure(
        self,
        name: str,
        value: float,
        *,
        lower: float | None = None,
        upper: float | None = None,
        n: int | None = None,
        note: str = "",
    ) -> None:
        """A named number, with its one-sided bounds and its number of samples where it has them.

        Raises: ValueError for a name or a number that cannot stand in evidence.
        """
        measurement = Measurement(
            name=name,
            value=_finite(name, value),
            lower=None if lower is None else _finite(name, lower),
            upper=None if upper is None else _finite(name, upper),
            n=None if n is None else _count(name, n),
            note=self.masked(note),
        )
        self._measures.append(_valid(measurement))

    def proof(self, name: str, ok: bool, detail: str) -> None:
        """A statement about the instrument itself; one that does not hold makes this evidence invalid."""
        self._proofs.append(Proof(name=self.masked(name), ok=bool(ok), detail=self.masked(detail)))

    def finding(self, finding: Finding) -> None:
        """One defect that was found.

        Raises: ValueError when a field is not what a finding holds.
        """
        texts = {
            name: self.masked(value)
            for name, value in msgspec.structs.asdict(finding).items()
            if isinstance(value, str) and name not in ("severity", "confidence")
        }
        self._findings.append(_valid(msgspec.structs.replace(finding, **texts)))

    def fact(self, name: str, value: str) -> None:
        """Something worth knowing that no gate judges."""
        self._facts[self.masked(name)] = self.masked(value)

    def blob(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> BlobRef:
        """Keep raw bytes.

        Raises: StoreError when they cannot be written.
        """
        masked = redact(data, self._secrets)
        if masked != data and "json" in media_type:
            masked = redact_json(data, self._secrets)
        blob = self._folder.write_blob(self.masked(name), masked, self.masked(media_type))
        self._blobs.append(blob)
        return blob

    def progress(self, fraction: float, text: str) -> None:
        """Tell how far the check has come, from 0 to 1."""
        known = fraction if math.isfinite(fraction) else 0.0
        self._progress(min(max(float(known), 0.0), 1.0), self.masked(text))

    def tell(self, text: str) -> None:
        """Say something that stays readable, at most a few times a minute."""
        self._told(self.masked(text))

    @property
    def is_empty(self) -> bool:
        """Whether nothing that counts was recorded."""
        return not (self._measures or self._proofs)

    def evidence(
        self,
        *,
        check: str,
        mode: Mode,
        plan: str,
        gates: tuple[str, ...],
        status: CheckStatus,
        reason: str,
        started: datetime,
        seconds: float,
    ) -> Evidence:
        """All of it as evidence."""
        return Evidence(
            check=check,
            mode=mode,
            plan=plan,
            gates=gates,
            status=status,
            reason=self.masked(reason),
            started=started,
            seconds=round(seconds, 3),
            measures=tuple(self._measures),
            findings=tuple(self._findings),
            proofs=tuple(self._proofs),
            facts=dict(self._facts),
            blobs=tuple(self._blobs),
        )

    def masked(self, text: object) -> str:
        """The text without secrets, and as UTF-8: a lone surrogate has no place in JSON."""
        return redact(str(text).encode("utf-8", "replace"), self._secrets).decode("utf-8", "replace")


def _finite(name: str, value: float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name}: {number} is not a finite number")
    return number


def _count(name: str, n: int) -> int:
    if not 0 <= n <= _MOST_SAMPLES:
        raise ValueError(f"{name}: {n} is no number of samples")
    return int(n)


def _valid(struct: T) -> T:
    """The struct as it will be read again."""
    try:
        return msgspec.convert(msgspec.to_builtins(struct), type(struct))
    except (msgspec.ValidationError, TypeError) as error:
        raise ValueError(f"{type(struct).__name__}: {error}") from error
