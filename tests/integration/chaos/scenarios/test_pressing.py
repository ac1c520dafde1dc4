"""An endpoint that is asked more often while a fault stands."""

import time

from battery.chaos.recovery.prober import Prober
from battery.chaos.scenarios.pressing import Pressing
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from tests.fakes.targets import Answer, scripted_target

PATIENCE = 30.0


def wait_for(asked: list[object], count: int) -> None:
    """Until the target was asked so often."""
    until = time.monotonic() + PATIENCE
    while len(asked) < count:
        assert time.monotonic() < until, f"asked {len(asked)} times, never {count}"
        time.sleep(0.01)


def test_its_calls_are_told_among_the_probers_on_the_probers_time_line() -> None:
    with scripted_target({"/a": [Answer()]}) as target:
        definition = Definition(target=Target(url=target.url), endpoint=(Endpoint(name="a", path="/a"),))
        place, (request,) = address(target.url), endpoints_of(definition, {})
        with Prober(place, [request]) as prober, Pressing(place, request) as pressing:
            wait_for(target.requests, 5)  # type: ignore[arg-type]
            began = prober.now()
            pressing.start()
            wait_for(target.requests, 40)  # type: ignore[arg-type]
            pressing.stop()
            pressing.stop()
            ended = prober.now()
        own = prober.series().probes
        merged = pressing.with_those_of(prober, own)
    pressed = [call for call in merged if call not in own]
    assert len(pressed) >= 10
    assert all(began - 0.001 <= call.at <= ended for call in pressed)
    assert [call.at for call in merged] == sorted(call.at for call in merged)
    assert all(call.ok for call in merged)


def test_one_that_was_never_started_asked_nothing_and_one_that_was_left_is_stopped() -> None:
    with scripted_target({"/a": [Answer()]}) as target:
        definition = Definition(target=Target(url=target.url), endpoint=(Endpoint(name="a", path="/a"),))
        place, (request,) = address(target.url), endpoints_of(definition, {})
        with Prober(place, [request]) as prober:
            with Pressing(place, request) as idle:
                pass
            assert idle.with_those_of(prober, ()) == []
            with Pressing(place, request) as left:
                left.start()
            assert left.with_those_of(prober, ())
