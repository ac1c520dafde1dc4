"""What a person reads about two runs."""

from battery.comparing import Changes, GateChange, LoadChange, MeasureChange
from battery.comparing.wording import got_worse, lines_of

NOTHING = Changes(measures=(), gates=())


def a_load(**given: object) -> LoadChange:
    defaults = {"profile": "P4", "level": "p99", "verdict": "worse", "before": 12.0, "after": 15.04}
    figures = {"difference": 25.31, "lower": 20.0, "upper": 31.0, "slices": (60, 61)}
    return LoadChange(**defaults | figures | given)  # type: ignore[arg-type]


def words(changes: Changes, *loads: LoadChange) -> list[list[str]]:
    return [line.split() for line in lines_of(changes, loads)]


def test_nothing_to_say_is_no_table() -> None:
    assert list(lines_of(NOTHING, ())) == []
    assert got_worse(NOTHING, ()) == []


def test_a_measure_says_by_how_much_it_changed_where_that_can_be_said() -> None:
    def row(before: float | None, after: float | None) -> list[str]:
        measure = MeasureChange(name="m", check="c", unit="ms", before=before, after=after)
        return words(Changes(measures=(measure,), gates=()))[1]

    assert row(100, 90) == ["m", "100", "90", "ms", "-10.0", "%"]
    assert row(-4, -2) == ["m", "-4", "-2", "ms", "+50.0", "%"]
    assert row(5, 5) == ["m", "5", "5", "ms"]
    assert row(0, 5) == ["m", "0", "5", "ms"]
    assert row(5, None) == ["m", "5", "absent", "ms"]
    assert row(None, 5) == ["m", "absent", "5", "ms"]


def test_a_gate_says_whether_it_changed() -> None:
    gates = tuple(
        GateChange(gate=f"G{number}", before=before, after=after, worse=worse)
        for number, (before, after, worse) in enumerate(
            [("pass", "fail", True), ("fail", "pass", False), ("pass", "pass", False)], 1
        )
    )
    changes = Changes(measures=(), gates=gates)
    assert words(changes) == [
        ["gate", "before", "after"],
        ["G1", "pass", "fail", "WORSE"],
        ["G2", "fail", "pass", "changed"],
        ["G3", "pass", "pass"],
    ]
    assert got_worse(changes, ()) == ["G1 (pass → fail)"]


def test_a_load_says_its_difference_and_how_sure_that_is() -> None:
    errors = a_load(level="errors", before=0.0, after=0.5, difference=0.5, lower=0.31, upper=0.7)
    lines = list(lines_of(NOTHING, [a_load(), errors, a_load(verdict="same", level="p50")]))
    assert lines[1].split(maxsplit=6)[6] == "+25.3 % (+20.0 % .. +31.0 %)  WORSE"
    assert lines[1].split()[:6] == ["P4", "p99", "12", "ms", "15", "ms"]
    assert lines[2].endswith("+0.50 points (+0.31 points .. +0.70 points)  WORSE")
    assert lines[3].endswith("  same")
    assert got_worse(NOTHING, [a_load(), errors]) == ["P4 p99 (+25.3 %)", "P4 errors (+0.50 points)"]


def test_what_is_not_compared_says_why_and_only_once() -> None:
    nothing = {"before": None, "after": None, "difference": None, "lower": None, "upper": None}
    other = [
        a_load(level=level, verdict="not comparable", reason="another load", **nothing)
        for level in ("p50", "p99")
    ]
    short = a_load(profile="P1", verdict="not enough slices", slices=(3, 0), **nothing | {"before": 1.0})
    lines = list(lines_of(NOTHING, [*other, short]))
    assert lines[1:2] == ["P4 not comparable: another load"]
    assert lines[2].split() == [
        "P1",
        "p99",
        "1",
        "ms",
        "absent",
        "not",
        "enough",
        "slices",
        "(3",
        "and",
        "0",
        "seconds)",
    ]
    assert got_worse(NOTHING, [*other, short]) == []
