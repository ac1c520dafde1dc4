"""A burst on a target that turns requests away with 4xx: it may, users see it as a failure, and it must be over with the burst."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from battery.chaos.faults.load_burst import LoadBurst
from battery.chaos.recovery.prober import Prober
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.trial import Trial
from battery.chaos.undo.stack import UndoStack
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target

PACE = msgspec.structs.replace(pace_of("smoke"), watch=30.0)
_TAKES = 0.02


@contextmanager
def turning_away(places: int) -> Iterator[str]:
    """A target that serves so many at a time, and answers 429 to all others; its URL."""
    free = threading.Semaphore(places)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served = free.acquire(blocking=False)
            if served:
                time.sleep(_TAKES)  # the work
                free.release()
            self.send_response(200 if served else 429)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def burst_on(url: str, path: str, folder: Path) -> Trial:
    """A burst on one path, seen by probes of another."""
    definition = Definition(target=Target(url=url), endpoint=(Endpoint(name="home", path="/"),))
    prober = Prober(address(url), endpoints_of(definition, {}), period=PACE.period)
    with UndoStack(folder / "undo") as stack, prober:
        experiment = Experiment(prober, stack, PACE, lambda text: None)
        return experiment.run(LoadBurst(url + path, connections=8, seconds=PACE.hold))


def test_who_turns_most_requests_away_was_loaded_and_that_is_no_failure_of_the_burst(tmp_path: Path) -> None:
    with turning_away(2) as url:
        trial = burst_on(url, "/", tmp_path)
    assert trial.effect is not None, trial.problem
    assert trial.effect.seen, trial.proof
    assert "4xx " in trial.effect.meter
    assert trial.effect.meter.endswith(", 0 failed")


def test_a_probe_that_is_turned_away_is_a_failure_and_the_recovery_begins_when_none_is(
    tmp_path: Path,
) -> None:
    with turning_away(1) as url:
        trial = burst_on(url, "/", tmp_path)
    assert trial.series is not None, trial.problem
    assert trial.timeline is not None
    turned_away = [probe for probe in trial.series.probes if probe.status == 429]
    assert turned_away
    assert {probe.error for probe in turned_away} == {"status"}
    assert trial.breached
    assert trial.timeline.steady is not None
    assert trial.timeline.steady >= max(
        probe.at for probe in turned_away if probe.at < trial.timeline.steady + PACE.window
    )


def test_who_turned_everybody_away_did_no_work_so_that_the_burst_did_not_happen(tmp_path: Path) -> None:
    with turning_away(0) as url:
        fault = LoadBurst(url + "/", connections=4, seconds=50, requests=40)
        fault.undo()
        fault.inject()
        until = time.monotonic() + 60
        while "40 answered (4xx 40), 0 failed" not in (effect := fault.prove()).meter:
            assert time.monotonic() < until, effect.meter
        fault.remove()
    assert not effect.seen
