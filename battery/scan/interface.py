"""What every scanner returns: what it found, what it looked at, and whether it saw its own canary."""

from typing import Literal

from battery.model.frozen import Frozen


class Found(Frozen, frozen=True, kw_only=True):
    """One detection, before it becomes a finding with a severity and a fingerprint.

    `content` is what the fingerprint covers: the offending text without its line number. It may hold a secret and is
    never kept; `excerpt` is what people see, with every secret masked by the scanner.
    """

    rule: str
    where: str
    line: int = 0
    column: int = 0
    content: str
    excerpt: str = ""
    detail: str = ""
    confidence: Literal["high", "medium", "low"] = "high"


class Skipped(Frozen, frozen=True, kw_only=True):
    """Something discovered and not looked at. A harmless skip is by design; any other makes the scan incomplete."""

    what: str
    reason: str
    harmless: bool


class Ledger(Frozen, frozen=True, kw_only=True):
    """What there was to look at: discovered = scanned + skipped, or the scan is invalid."""

    discovered: int
    scanned: int
    skipped: tuple[Skipped, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether everything that was discovered is accounted for."""
        return self.discovered == self.scanned + len(self.skipped)


class Canary(Frozen, frozen=True, kw_only=True):
    """A planted defect that the scanner must find in the same pass, or its silence means nothing."""

    name: str
    seen: bool
    detail: str


class ScanResult(Frozen, frozen=True, kw_only=True):
    """What one scanner brought back. `incomplete` says in words why a green would be false."""

    scanner: str
    found: tuple[Found, ...]
    ledger: Ledger
    canaries: tuple[Canary, ...]
    incomplete: tuple[str, ...] = ()
    facts: dict[str, str] = {}
