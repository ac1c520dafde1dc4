"""Names and their numbers."""

from battery.load.journeys.names import OTHERS, Names
from battery.load.journeys.snapshot import JourneySnapshot, renumbered
from battery.load.snapshot import Series, Snapshot


def series(endpoint: int, stage: int = 0) -> Series:
    return Series(
        stage=stage, endpoint=endpoint, planned=2, sent=2, ok=1, failed=1, errors={"reset": 1}, response={5: 2}, service={4: 2}
    )  # fmt: skip


def said(names: tuple[str, ...], *found: Series) -> JourneySnapshot:
    snapshot = Snapshot(
        worker="w0", second=0, stage=0, series=found, lag={}, in_flight=0, waiting=0, connections=0, cpu=0.0, rss=0, lag_source="x"
    )  # fmt: skip
    return JourneySnapshot(snapshot=snapshot, names=names)


def test_a_name_keeps_its_number() -> None:
    names = Names()
    assert [names.number(name) for name in ("a", "b", "a")] == [0, 1, 0]
    assert names.all() == ("a", "b")


def test_past_the_limit_all_new_names_share_one_number() -> None:
    names = Names(most=2)
    assert [names.number(name) for name in ("a", "b", "c", "d", "a")] == [0, 1, 2, 2, 0]
    assert names.all() == ("a", "b", OTHERS)


def test_processes_that_met_names_in_another_order_come_together() -> None:
    names = Names()
    first = renumbered(said(("a", "b"), series(0), series(1)), names)
    second = renumbered(said(("b", "a"), series(0), series(1)), names)
    assert [each.endpoint for each in first.series] == [0, 1]
    assert [each.endpoint for each in second.series] == [1, 0]


def test_names_that_fall_together_are_added_up() -> None:
    names = Names(("a",), most=1)
    found = renumbered(said(("b", "c"), series(0), series(1), series(1, stage=1)), names).series
    assert [(each.stage, each.endpoint, each.sent, each.errors, each.response) for each in found] == [
        (0, 1, 4, {"reset": 2}, {5: 4}),
        (1, 1, 2, {"reset": 1}, {5: 2}),
    ]
