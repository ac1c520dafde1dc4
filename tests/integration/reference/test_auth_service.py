"""What only the real service shows: its environment, its connections, its end of a lockout."""

import subprocess
import sys
import time
from pathlib import Path

import httpx

from battery.reference.access.lockout import THRESHOLD
from battery.reference.demo import ReferenceTarget
from tests.fakes.reference_house import ENVIRONMENT, ORDER, PASSWORD, TOKENS

ADMIN = {"Authorization": f"Bearer {TOKENS['ann']}"}
WRITER = {"Authorization": f"Bearer {TOKENS['will']}"}


def test_a_supervised_worker_knows_the_callers(tmp_path: Path) -> None:
    with ReferenceTarget(tmp_path, supervised=True, environment=ENVIRONMENT) as target:
        assert httpx.post(f"{target.url}/api/orders", json=ORDER).status_code == 401
        assert httpx.post(f"{target.url}/api/orders", json=ORDER, headers=WRITER).status_code == 201


def test_no_header_makes_a_caller_another_one(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "REFERENCE_ANONYMOUS_LIMIT": "5:0.01"}
    with ReferenceTarget(tmp_path, environment=environment) as target, httpx.Client() as client:
        statuses = []
        for number in range(7):
            claimed = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
            statuses.append(client.get(f"{target.url}/version", headers=claimed).status_code)
    assert statuses == [200] * 5 + [429] * 2


def test_a_lockout_ends_by_itself_when_it_says(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "REFERENCE_LOCKOUT_SECONDS": "1"}
    with (
        ReferenceTarget(tmp_path, environment=environment) as target,
        httpx.Client(base_url=target.url, timeout=10) as client,
    ):
        for _ in range(THRESHOLD):
            client.get("/version", headers={"Authorization": "Bearer guess"})
        attempt = {"user": "uma", "password": PASSWORD}
        assert client.get("/api/admin", headers=ADMIN).json()["lockouts"] == 1
        deadline = time.monotonic() + 20
        while (answer := client.post("/api/login", json=attempt)).status_code == 429:
            assert time.monotonic() < deadline, "it never ended"
            time.sleep(float(answer.headers["retry-after"]))
        assert answer.status_code == 200


def test_an_environment_that_cannot_be_read_ends_it_without_a_secret(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "battery.reference", "--data", str(tmp_path)]
    environment = {"REFERENCE_TOKENS": "ann:owner:north:token-of-ann-1", "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "REFERENCE_TOKENS, entry 1" in done.stderr) == (2, True)
    assert "token-of-ann-1" not in done.stderr
