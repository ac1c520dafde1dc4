"""The prober's own proof."""

import msgspec

from battery.chaos.recovery.probe import Series, decode_series, encode_series
from battery.chaos.recovery.punctuality import punctuality
from tests.unit.chaos.recovery.series import FAST, probe, series


def lagging(*lags: float) -> Series:
    probes = tuple(probe(n * 0.1, FAST, lag=lag) for n, lag in enumerate(lags))
    return Series(period=0.1, timeout=2.0, requests=("ready",), probes=probes, until=len(lags) * 0.1)


def test_a_prober_on_time_proves_it_with_numbers() -> None:
    proof = punctuality(lagging(*[0.001] * 99, 0.06))
    assert proof.ok
    assert proof.detail.startswith(
        "100 probes, 1 more than 50 ms late (1.0%, allowed 5%), the latest by 60 ms"
    )


def test_many_late_probes_fail_the_proof() -> None:
    assert not punctuality(lagging(*[0.001] * 90, *[0.06] * 10)).ok


def test_one_gap_of_more_than_half_a_second_fails_the_proof() -> None:
    assert not punctuality(lagging(*[0.001] * 99, 0.51)).ok


def test_a_probe_that_never_left_fails_the_proof_and_says_why() -> None:
    some = msgspec.structs.replace(lagging(*[0.0] * 50), unsent={"this machine had no free descriptor": 2})
    proof = punctuality(some)
    assert not proof.ok
    assert "2 probes never left: this machine had no free descriptor (2x)" in proof.detail


def test_no_probe_proves_nothing() -> None:
    assert punctuality(lagging()).detail == "no probe ended"
    only_unsent = msgspec.structs.replace(lagging(), unsent={"x": 1})
    assert "1 probes never left" in punctuality(only_unsent).detail
    assert not punctuality(only_unsent).ok


def test_a_series_comes_back_from_its_blob() -> None:
    whole = series(2.0, lambda time: None if time > 1 else FAST)
    assert decode_series(encode_series(whole)) == whole
