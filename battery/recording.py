"""Recording: how a check says what it measured. The `record` fixture is one of these."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from battery.model.evidence import BlobRef, CheckStatus, Evidence, Mode, Proof
from battery.model.finding import Finding
from battery.model.measure import Measurement
from battery.redaction import redact
from battery.store import RunFolder

Progress = Callable[[float, str], None]


class Record:
    """Collects one check's measures, proofs, findings, facts and blobs. Nothing in it can pass or fail."""

    def __init__(self, folder: RunFolder, secrets: tuple[str, ...], progress: Progress) -> None:
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
        """A named number, with its one-sided bounds and its number of samples where it has them."""
        self._measures.append(
            Measurement(name=name, value=float(value), lower=lower, upper=upper, n=n, note=note)
        )

    def proof(self, name: str, ok: bool, detail: str) -> None:
        """A statement about the instrument itself; one that does not hold makes this evidence invalid."""
        self._proofs.append(Proof(name=name, ok=bool(ok), detail=detail))

    def finding(self, finding: Finding) -> None:
        """One defect that was found."""
        self._findings.append(finding)

    def fact(self, name: str, value: str) -> None:
        """Something worth knowing that no gate judges."""
        self._facts[name] = value

    def blob(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> BlobRef:
        """Keep raw bytes, known secrets masked."""
        blob = self._folder.write_blob(name, redact(data, self._secrets), media_type)
        self._blobs.append(blob)
        return blob

    def progress(self, fraction: float, text: str) -> None:
        """Tell how far the check has come, from 0 to 1."""
        self._progress(min(max(fraction, 0.0), 1.0), text)

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
        """All of it as evidence, known secrets masked."""
        evidence = Evidence(
            check=check,
            mode=mode,
            plan=plan,
            gates=gates,
            status=status,
            reason=reason,
            started=started,
            seconds=round(seconds, 3),
            measures=tuple(self._measures),
            findings=tuple(self._findings),
            proofs=tuple(self._proofs),
            facts=dict(self._facts),
            blobs=tuple(self._blobs),
        )
        return msgspec.json.decode(redact(msgspec.json.encode(evidence), self._secrets), type=Evidence)
