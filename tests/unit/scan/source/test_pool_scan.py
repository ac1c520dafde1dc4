"""A scanner's result: the ledger, the canaries, and every reason why a green would be false."""

from battery.scan.interface import Found, ScanResult, Skipped
from battery.scan.source.pool import Pool
from battery.scan.source.pool_canary import Plant, canaries
from battery.scan.source.pool_messages import Answer, Piece
from battery.scan.source.pool_scan import Pass, result_of, scan_pieces

PIECE = Piece(name="a.py", size=3)


def result(gathered: Pass, discovered: int = 1) -> ScanResult:
    return result_of("code", gathered, (), discovered=discovered, nothing="nothing was scanned")


def test_a_whole_scan_is_complete() -> None:
    gathered = Pass()
    gathered.add(PIECE, Answer(counts={"nosec": 2}))
    found = result(gathered)
    assert found.incomplete == ()
    assert found.ledger.adds_up
    assert found.facts["nosec"] == "2"
    assert found.facts["with"].startswith("bandit 1.")


def test_zero_files_are_incomplete() -> None:
    assert result(Pass(), discovered=0).incomplete == ("nothing was scanned",)


def test_a_skip_that_is_not_harmless_is_a_reason_and_many_are_counted() -> None:
    gathered = Pass()
    gathered.add(PIECE, Answer())
    for number in range(8):
        gathered.add(Piece(name=f"{number}.py", size=0), Answer(unread="torn", harmless=False))
    assert result(gathered, 9).incomplete[0] == "0.py: torn"
    assert result(gathered, 9).incomplete[-1] == "3 more were not scanned; the ledger lists them"


def test_a_rule_that_failed_is_a_reason() -> None:
    gathered = Pass()
    gathered.add(PIECE, Answer(counts={f"failed B{number}": 1 for number in range(7)}))
    reasons = result(gathered).incomplete
    assert reasons[0] == "a rule failed on a.py: B0"
    assert reasons[-1] == "rules failed 2 more times"


def test_a_ledger_that_does_not_add_up_is_a_reason() -> None:
    gathered = Pass()
    gathered.add(PIECE, Answer())
    assert result(gathered, 5).incomplete == ("5 discovered, but 1 scanned and 0 skipped",)


def test_a_missed_canary_is_a_reason(pool: Pool) -> None:
    blind = Plant(files={"a.py": "x = 1\n"}, expected={"eval": ("a.py", "code.B307")})
    gathered, seen = scan_pieces(
        pool, "code", [Piece(name="b.py", size=0, content=b"y = 1\n")], blind, (1, 0)
    )
    assert [canary.seen for canary in seen] == [False]
    found = result_of("code", gathered, seen, discovered=1, nothing="")
    assert found.incomplete == (
        "canary eval missed: code.B307 not found in the planted a.py: the scanner read it and said nothing",
    )


def test_a_canary_that_could_not_be_read_says_why(pool: Pool) -> None:
    torn = Plant(files={"a.py": "def (\n"}, expected={"eval": ("a.py", "code.B307")})
    _, (canary,) = scan_pieces(pool, "code", [], torn, (0, 0))
    assert "not valid Python" in canary.detail


def test_canaries_are_neither_findings_nor_files_of_the_scan(pool: Pool) -> None:
    plant = Plant(files={"a.py": "eval(x)\n"}, expected={"eval": ("a.py", "code.B307")})
    gathered, (canary,) = scan_pieces(pool, "code", [], plant, (0, 0))
    assert canary.seen
    assert gathered.found == []
    assert gathered.scanned == 0


def test_a_finding_elsewhere_is_no_canary() -> None:
    plant = Plant(files={"a": ""}, expected={"x": ("a", "r")})
    (canary,) = canaries(plant, [Found(rule="r", where="b", content="")], {})
    assert not canary.seen


def test_what_was_left_out_before_counts_in_the_ledger() -> None:
    gathered = Pass()
    gathered.add(PIECE, Answer())
    left = Skipped(what="b", reason="not Python", harmless=True)
    found = result_of("code", gathered, (), left_out=[left], discovered=2, nothing="")
    assert found.ledger.adds_up
    assert found.incomplete == ()
