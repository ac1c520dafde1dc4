"""Findings of a scenario beside its recovery times: counts that gates judge, proofs, and facts."""

from battery.model.evidence import Proof


class Findings:
    """Collected while a scenario runs. A count that is not known is never recorded."""

    def __init__(self) -> None:
        self.counts: dict[str, tuple[int, str]] = {}
        self.proofs: list[Proof] = []
        self.facts: dict[str, str] = {}
        self.blobs: dict[str, bytes] = {}

    def count(self, measure: str, number: int | None, words: str) -> None:
        """A number of broken promises; None where it is not known, which the words explain."""
        self.facts[measure] = words
        if number is None:
            self.counts.pop(measure, None)
        else:
            before, _ = self.counts.get(measure, (0, ""))
            self.counts[measure] = (before + number, words)

    def prove(self, name: str, ok: bool, detail: str) -> None:
        """A statement about the instrument."""
        self.proofs.append(Proof(name=name, ok=ok, detail=detail))
