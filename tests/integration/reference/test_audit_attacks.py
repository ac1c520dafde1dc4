"""The audit log of a running service against the battery's own attacks, and against a kill."""

import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from battery.readiness.audit_chain.chain_log import read_entries
from battery.readiness.audit_chain.command_verifier import CommandVerifier
from battery.readiness.audit_chain.detection import detect
from battery.readiness.audit_chain.http_verifier import HttpVerifier
from battery.readiness.audit_chain.suite import run_suite
from battery.readiness.audit_chain.verifier import Verifier
from battery.reference.audit.__main__ import INTACT, main
from battery.reference.demo import ReferenceTarget
from tests.fakes.reference_house import ENVIRONMENT, ORDER, TOKENS
from tests.integration.reference.waiting import until

ADMIN = {"Authorization": f"Bearer {TOKENS['ann']}"}


def busy(client: httpx.Client) -> None:
    """Something of each kind, and wait until it is on disk."""
    for _ in range(3):
        client.post("/api/login", json={"user": "nobody", "password": "a-wrong-one"})
        client.get("/api/admin")
        assert client.post("/api/orders", json=ORDER, headers=ADMIN).status_code == 201
        assert client.post("/api/guardian/lockdown", headers=ADMIN).status_code == 200
        assert client.post("/api/guardian/release", headers=ADMIN).status_code == 200


def test_every_attack_is_detected_by_command_and_by_call(tmp_path: Path) -> None:
    with (
        ReferenceTarget(tmp_path, environment=ENVIRONMENT) as target,
        httpx.Client(base_url=target.url, headers=ADMIN, timeout=10.0) as client,
    ):
        busy(client)
        data = target.folder / "data"
        text = (data / "audit.ndjson").read_bytes()
        entries = read_entries(text)
        command = [
            sys.executable,
            "-m",
            "battery.reference.audit",
            "verify",
            "{file}",
            "--data",
            str(data),
        ]
        verifiers: tuple[Verifier, ...] = (
            CommandVerifier(command),
            HttpVerifier(client, "/api/audit/verify"),
        )
        for verifier in verifiers:
            result = run_suite(entries, detect(entries), verifier, text)
            assert result.holds, (verifier.name, result.control, result.undetected)
            assert len(result.outcomes) == 5


@pytest.mark.parametrize("supervised", [True, False])
def test_a_kill_leaves_a_log_that_goes_on_intact(tmp_path: Path, supervised: bool) -> None:
    with ReferenceTarget(tmp_path, supervised=supervised, environment=ENVIRONMENT) as target:
        with httpx.Client(base_url=target.url) as client:
            busy(client)
        killed = target.worker_pid
        os.kill(killed, signal.SIGKILL)
        log = str(target.folder / "data" / "audit.ndjson")
        if supervised:
            until(lambda: target.worker_pid not in (0, killed), seconds=20)
            assert httpx.get(f"{target.url}/api/audit/verify", headers=ADMIN, timeout=20).json()["intact"]
        assert main(["verify", log], {}) == INTACT
    with ReferenceTarget(tmp_path, environment=ENVIRONMENT) as target:
        answer = httpx.get(f"{target.url}/api/audit?limit=200", headers=ADMIN).json()
    events = [entry["event"] for entry in answer["entries"]]
    assert events.count("service.started") == (3 if supervised else 2)
    assert main(["verify", log], {}) == INTACT


def test_no_secret_stands_in_the_log(tmp_path: Path) -> None:
    with (
        ReferenceTarget(tmp_path, environment=ENVIRONMENT) as target,
        httpx.Client(base_url=target.url) as client,
    ):
        busy(client)
        client.get("/api/orders", headers={"Authorization": "Bearer a-guess-of-mine"})
    text = (target.folder / "data" / "audit.ndjson").read_text() + target.log.read_text()
    secrets = [*TOKENS.values(), "a-wrong-one", "a-guess-of-mine"]
    assert [secret for secret in secrets if secret in text] == []
