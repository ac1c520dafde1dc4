"""The attack suite: each attack on a copy of the log, and whether the verifier noticed."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from battery.model.frozen import Frozen
from battery.readiness.audit_chain.attacks import attacks
from battery.readiness.audit_chain.chain_log import Entry, written
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.verifier import Opinion, Verifier


class Outcome(Frozen, frozen=True, kw_only=True):
    """One attack; `detected` is none when the verifier had no opinion."""

    attack: str
    what: str
    detected: bool | None
    said: str


class SuiteResult(Frozen, frozen=True, kw_only=True):
    """The control, an untouched copy that must be accepted, and the attacks."""

    verifier: str
    records: int
    control: Opinion
    outcomes: tuple[Outcome, ...]

    @property
    def proven(self) -> bool:
        """Whether the control was accepted: who refuses every log detects nothing."""
        return self.control.intact is True

    @property
    def undetected(self) -> tuple[str, ...]:
        """The attacks that nobody noticed, also those without an opinion."""
        return tuple(outcome.attack for outcome in self.outcomes if outcome.detected is not True)

    @property
    def holds(self) -> bool:
        """Whether every attack was noticed and the control was not."""
        return self.proven and bool(self.outcomes) and not self.undetected


def run_suite(
    entries: Sequence[Entry],
    description: ChainDescription,
    verifier: Verifier,
    original: bytes = b"",
    *,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> SuiteResult:
    """Try the control and every attack; `original` are the bytes of the log, where they are known, and `beside` are
    further files that lie in its folder.

    Raises: ChainUnreadable when the log is too short for the attacks.
    """
    tried = attacks(entries, description)
    with tempfile.TemporaryDirectory(prefix="battery-audit-") as folder:
        for name, data in beside.items():
            Path(folder, Path(name).name).write_bytes(data)
        copy = Path(folder, "audit.ndjson")
        copy.write_bytes(original or written(entries))
        control = verifier.judge(copy)
        outcomes = []
        for attack in tried:
            copy.write_bytes(written(attack.entries))
            opinion = verifier.judge(copy)
            outcomes.append(
                Outcome(
                    attack=attack.name,
                    what=attack.what,
                    detected=None if opinion.intact is None else not opinion.intact,
                    said=opinion.said,
                )
            )
    return SuiteResult(
        verifier=verifier.name, records=len(entries), control=control, outcomes=tuple(outcomes)
    )
