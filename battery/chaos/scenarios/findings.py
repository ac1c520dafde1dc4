"""Findings of a scenario beside its recovery times: counts that gates judge, proofs, and facts."""

from battery.model.evidence import Proof


class Findings:
    """Collected while a scenario runs. A count of which a part is not known is recorded only where the rest is broken anyway."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._unknown: set[str] = set()
        self.proofs: list[Proof] = []
        self.facts: dict[str, str] = {}
        self.blobs: dict[str, bytes] = {}

    def count(self, measure: str, number: int | None, words: str) -> None:
        """So many broken promises more; None where it is not known, which the words explain."""
        self.facts[measure] = "; ".join(filter(None, (self.facts.get(measure), words)))
        if number is None:
            self._unknown.add(measure)
        else:
            self._counts[measure] = self._counts.get(measure, 0) + number

    @property
    def counts(self) -> dict[str, tuple[int, str]]:
        """What is known of each measure, with its words."""
        return {
            measure: (number, self.facts[measure])
            for measure, number in self._counts.items()
            if number or measure not in self._unknown
        }

    def prove(self, name: str, ok: bool, detail: str) -> None:
        """A statement about the instrument."""
        self.proofs.append(Proof(name=name, ok=ok, detail=detail))
