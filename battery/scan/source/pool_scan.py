"""One scanner's pass: its pieces and its canaries through the pool, and what came back as a result with its ledger."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from battery.scan.interface import Canary, Found, Ledger, ScanResult, Skipped
from battery.scan.source.pool import Pool
from battery.scan.source.pool_canary import Plant, canaries, is_canary, planted
from battery.scan.source.pool_engines import libraries_of
from battery.scan.source.pool_messages import Answer, Piece

_MOST_NAMED = 5
_FAILED = "failed "


class Pass:
    """Gathers what a scanner said about each piece."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.canary_found: list[Found] = []
        self.canary_unread: dict[str, str] = {}
        self.marks: dict[str, bytes] = {}
        self.canary_marks: dict[str, bytes] = {}
        self.skipped: list[Skipped] = []
        self.scanned = 0
        self.size = 0
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []

    def add(self, piece: Piece, answer: Answer) -> None:
        """One more answer."""
        if is_canary(piece.name):
            self.canary_found += answer.found
            if answer.marks:
                self.canary_marks[piece.name] = answer.marks
            if answer.unread:
                self.canary_unread[piece.name] = answer.unread
            return
        if answer.unread:
            self.skipped.append(Skipped(what=piece.name, reason=answer.unread, harmless=answer.harmless))
            return
        self.scanned += 1
        self.size += piece.size
        self.found += answer.found
        if answer.marks:
            self.marks[piece.name] = answer.marks
        for name, count in answer.counts.items():
            if name.startswith(_FAILED):
                self.failures.append(f"{piece.name}: {name.removeprefix(_FAILED)}")
            else:
                self.counts[name] += count


def scan_pieces(
    pool: Pool,
    engine: str,
    pieces: Iterable[Piece],
    plant: Plant,
    total: tuple[int, int],
    across: Callable[[Mapping[str, bytes]], Iterable[Found]] | None = None,
) -> tuple[Pass, tuple[Canary, ...]]:
    """Scan the pieces and the canaries in one pass. The canaries go first: they cost nothing to wait for.

    `across` finds in the marks of all pieces, by their names, what no piece shows alone.
    """
    gathered = Pass()
    with planted(plant) as traps:
        every = _chained(traps, pieces)
        for piece, answer in pool.run(
            engine, every, (total[0] + len(traps), total[1] + sum(t.size for t in traps))
        ):
            gathered.add(piece, answer)
    if across is not None:
        gathered.found += across(gathered.marks)
        gathered.canary_found += across(gathered.canary_marks)
    return gathered, canaries(plant, gathered.canary_found, gathered.canary_unread)


def result_of(
    scanner: str,
    gathered: Pass,
    seen: Sequence[Canary],
    *,
    left_out: Sequence[Skipped] = (),
    discovered: int,
    nothing: str,
    doubts: Sequence[str] = (),
    facts: dict[str, str] | None = None,
) -> ScanResult:
    """The result, with every reason why its silence would mean nothing. `nothing` says what it means to scan no file."""
    skipped = (*left_out, *gathered.skipped)
    ledger = Ledger(discovered=discovered, scanned=gathered.scanned, skipped=tuple(skipped))
    reasons = [*doubts, *_unread(skipped), *_missed(seen), *_failures(gathered.failures)]
    if gathered.scanned == 0:
        reasons.append(nothing)
    if not ledger.adds_up:
        reasons.append(f"{discovered} discovered, but {gathered.scanned} scanned and {len(skipped)} skipped")
    counts = {name: str(count) for name, count in sorted(gathered.counts.items())}
    told = {"with": libraries_of(scanner), "files": str(gathered.scanned), "bytes": str(gathered.size)}
    return ScanResult(
        scanner=scanner,
        found=tuple(sorted(gathered.found, key=lambda item: (item.where, item.line, item.column, item.rule))),
        ledger=ledger,
        canaries=tuple(seen),
        incomplete=tuple(reasons),
        facts={**told, **counts, **(facts or {})},
    )


def _unread(skipped: Iterable[Skipped]) -> list[str]:
    harmful = [skip for skip in skipped if not skip.harmless]
    told = [f"{skip.what}: {skip.reason}" for skip in harmful[:_MOST_NAMED]]
    if len(harmful) > _MOST_NAMED:
        told.append(f"{len(harmful) - _MOST_NAMED} more were not scanned; the ledger lists them")
    return told


def _missed(seen: Iterable[Canary]) -> list[str]:
    return [f"canary {canary.name} missed: {canary.detail}" for canary in seen if not canary.seen]


def _failures(failures: Sequence[str]) -> list[str]:
    """A rule that raised on a file said nothing about it, which is not the same as finding nothing."""
    told = [f"a rule failed on {failure}" for failure in failures[:_MOST_NAMED]]
    if len(failures) > _MOST_NAMED:
        told.append(f"rules failed {len(failures) - _MOST_NAMED} more times")
    return told


def _chained(first: Iterable[Piece], then: Iterable[Piece]) -> Iterable[Piece]:
    yield from first
    yield from then
