"""Traffic while something else is looked at."""

from pathlib import Path

from battery.model.capabilities import Call
from battery.readiness.capabilities.probes.traffic import Traffic
from battery.readiness.capabilities.probes.waiting import until
from tests.unit.readiness.capabilities.bench import bench


def test_requests_go_on_inside_the_block_and_end_with_it(tmp_path: Path) -> None:
    with bench(tmp_path) as on:
        call = Call(path="/open", anonymous=True)
        with Traffic(on.asker, call):
            assert until(lambda: on.service.anonymous, lambda count: count > 3, 30) > 3
        seen = on.service.anonymous
        on.asker.ask(call)
        assert on.service.anonymous == seen + 1


def test_without_a_request_nothing_is_sent(tmp_path: Path) -> None:
    with bench(tmp_path) as on, Traffic(on.asker, None):
        assert on.service.anonymous == 0
