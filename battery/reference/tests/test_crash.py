"""The end that nobody can prepare for; before other tests, because what a killed process has run is not measured."""

import os
import signal

import httpx
import psutil
import pytest

from battery.reference.demo import ReferenceTarget
from battery.reference.tests.waiting import until

pytestmark = pytest.mark.processes


def _state(client: httpx.Client, where: str) -> str:
    state: str = client.get(where).json()["state"]
    return state


def test_what_was_accepted_is_done_after_a_kill_that_no_client_notices(
    target: ReferenceTarget, client: httpx.Client
) -> None:
    restarts = client.get("/api/health/status").json()["state"]["restarts"]
    answers = [client.post("/api/jobs", json={"item": "nut"}) for _ in range(40)]
    accepted = [answer.headers["location"] for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert {answer.status_code for answer in refused} <= {429, 503}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    worker = target.worker_pid
    os.kill(worker, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(worker))
    # The connection waits in the queue of the socket until the next worker takes it.
    status = httpx.get(f"{target.url}/api/health/status", timeout=60).json()
    assert status["state"]["restarts"] == restarts + 1
    until(lambda: target.worker_pid not in (worker, 0))
    until(lambda: all(_state(client, where) == "done" for where in accepted))
    until(lambda: client.post("/api/jobs", json={"item": "nut"}).status_code == 202)
