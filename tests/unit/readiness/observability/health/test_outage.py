"""The behavioural proof, on a service whose live and ready are a few lines."""

import pytest

from battery.readiness.observability.health.answer import HealthAnswer
from battery.readiness.observability.health.outage import Outage, Waits, outage_flaws, watch_outage

QUICK = Waits(calm=0.05, no=0.1, hold=0.03, back=0.1, every=0.005)


class Service:
    """Says yes and no as it is told to; remembers what was done to it."""

    def __init__(self, *, live_needs: bool = False, ready_needs: bool = True, recovers: bool = True) -> None:
        self.live_needs, self.ready_needs, self.recovers = live_needs, ready_needs, recovers
        self.is_cut, self.was_cut = False, False
        self.mended = 0

    def health(self) -> tuple[HealthAnswer, HealthAnswer]:
        gone = self.is_cut or (self.was_cut and not self.recovers)
        told = (not (self.live_needs and gone), not (self.ready_needs and gone))
        live, ready = (HealthAnswer(path="/", status=200 if says else 503) for says in told)
        return live, ready

    def cut(self) -> None:
        self.is_cut = self.was_cut = True

    def mend(self) -> None:
        self.is_cut = False
        self.mended += 1

    def watched(self) -> Outage:
        return watch_outage("db", self.health, self.cut, self.mend, QUICK)


def rules(outage: Outage) -> list[str]:
    return [flaw.rule for flaw in outage_flaws(outage)]


def test_ready_that_says_no_and_comes_back_is_proven() -> None:
    service = Service()
    outage = service.watched()
    assert rules(outage) == []
    assert outage.said_no_after is not None
    assert outage.back_after is not None
    assert outage.looks[-1].at >= QUICK.hold
    assert service.mended == 1


@pytest.mark.parametrize(
    ("service", "found"),
    [
        (Service(ready_needs=False), ["health.ready"]),
        (Service(live_needs=True), ["health.live"]),
        (Service(recovers=False), ["health.back"]),
        (Service(live_needs=True, ready_needs=False), ["health.ready", "health.live"]),
    ],
)
def test_each_lie_has_its_flaw(service: Service, found: list[str]) -> None:
    outage = service.watched()
    assert rules(outage) == found
    assert all(flaw.where == "db" for flaw in outage_flaws(outage))
    assert service.mended == 1


def test_a_service_that_is_not_well_before_is_not_touched() -> None:
    service = Service()
    service.is_cut = True
    outage = service.watched()
    assert (outage.calm, service.was_cut, service.mended) == (False, False, 0)


def test_what_was_cut_is_mended_whatever_happens() -> None:
    service = Service()

    def broken() -> tuple[HealthAnswer, HealthAnswer]:
        if service.is_cut:
            raise KeyboardInterrupt
        return service.health()

    with pytest.raises(KeyboardInterrupt):
        watch_outage("db", broken, service.cut, service.mend, QUICK)
    assert service.mended == 1
