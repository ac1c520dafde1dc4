"""Notes: what a scanner plans, tries, skips and finds while it looks."""

from collections.abc import Sequence
from typing import Literal

from battery.redaction import redact
from battery.scan.interface import Found, Ledger, Skipped
from battery.scan.target.answer import Answer, Silence

_LONGEST = 240


class Notes:
    """Collects one look. Everything planned must be tried or skipped, or the ledger does not add up."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = secrets
        self._planned: list[str] = []
        self._tried: list[str] = []
        self._skipped: list[Skipped] = []
        self._found: dict[tuple[str, str], Found] = {}
        self.incomplete: list[str] = []
        self.facts: dict[str, str] = {}

    def plan(self, *what: str) -> None:
        """There is this to look at."""
        self._planned += what

    def tried(self, what: str) -> None:
        """It was looked at."""
        self._tried.append(what)

    def skip(self, what: str, reason: str, *, harmless: bool = False) -> None:
        """It was not looked at."""
        self._skipped.append(Skipped(what=what, reason=self._masked(reason), harmless=harmless))

    def skip_rest(self, reason: str) -> None:
        """Nothing that is still open will be looked at."""
        done = {*self._tried, *(skipped.what for skipped in self._skipped)}
        for what in self._planned:
            if what not in done:
                self.skip(what, reason)

    def fail(self, reason: str) -> None:
        """The look ended before its time."""
        self.incomplete.append(self._masked(reason))
        self.skip_rest(reason)

    def not_applicable(self, what: str, reason: str) -> None:
        """There is no such thing here, by design."""
        self.plan(what)
        self.skip(what, reason, harmless=True)

    def silent(self, what: str, silence: Silence) -> None:
        """The target gave no answer to look at."""
        self.skip(what, silence.reason)

    def finding(
        self,
        rule: str,
        where: str,
        *,
        content: str,
        excerpt: str = "",
        detail: str = "",
        confidence: Literal["high", "medium", "low"] = "high",
    ) -> None:
        """A defect; the same rule at the same place counts once."""
        self._found.setdefault(
            (rule, where),
            Found(
                rule=rule,
                where=self._masked(where),
                content=self._masked(content),
                excerpt=self._masked(excerpt)[:_LONGEST],
                detail=self._masked(detail),
                confidence=confidence,
            ),
        )

    @property
    def found(self) -> tuple[Found, ...]:
        """Every defect, in the order of discovery."""
        return tuple(self._found.values())

    @property
    def looked(self) -> bool:
        """Whether anything was tried."""
        return bool(self._tried)

    def ledger(self) -> Ledger:
        """What was planned and what became of it."""
        return Ledger(discovered=len(self._planned), scanned=len(self._tried), skipped=tuple(self._skipped))

    def doubts(self) -> tuple[str, ...]:
        """Why the look is not complete."""
        by_reason: dict[str, list[str]] = {}
        for skip in self._skipped:
            if not skip.harmless:
                by_reason.setdefault(skip.reason, []).append(skip.what)
        open_ends = [
            what[0] + (f" and {len(what) - 1} more" if len(what) > 1 else "") + f": {reason}"
            for reason, what in by_reason.items()
        ]
        return tuple(dict.fromkeys([*self.incomplete, *open_ends]))

    def _masked(self, text: str) -> str:
        return redact(text.encode("utf-8", "replace"), self._secrets).decode("utf-8", "replace")


def where(answer: Answer | Silence, method: str = "GET") -> str:
    """The place of a finding: method and URL without its query."""
    return f"{method} {answer.url.partition('?')[0]}"
