"""What the HTTP/2 generator is told, and what it proves."""

import subprocess
import sys

import msgspec
import pytest

from battery.load.http2.dialect import Http2Generator
from battery.load.http2.snapshot import Http2Snapshot
from battery.load.job import Job
from tests.integration.load.driving import at_rate, job
from tests.unit.load.conftest import Make


def line(snapshot: Make, worker: str = "w0", versions: dict[str, int] | None = None, **other: object) -> str:
    said = Http2Snapshot(snapshot=snapshot(worker, **other), versions=versions or {})
    return msgspec.json.encode(said).decode()


def test_jobs_and_snapshots_travel_as_they_are(snapshot: Make) -> None:
    dialect = Http2Generator()
    assert dialect.module == "battery.load.http2"
    told = job(1, at_rate(1, 1.0))
    assert msgspec.json.decode(dialect.told(told), type=Job) == told
    assert dialect.heard(line(snapshot, ok=3)) == snapshot(ok=3)
    assert dialect.endpoints(("a", "b")) == ("a", "b")


def test_the_version_that_was_negotiated_is_told_with_its_connections(snapshot: Make) -> None:
    dialect = Http2Generator()
    dialect.heard(line(snapshot, "w0", {"HTTP/2": 1}))
    dialect.heard(line(snapshot, "w0", {"HTTP/2": 3}))
    dialect.heard(line(snapshot, "w1", {"HTTP/2": 4}))
    version, _ = dialect.proofs()
    assert (version.ok, version.detail) == (True, "HTTP/2 on 7 connections")


def test_two_versions_in_one_run_prove_nothing(snapshot: Make) -> None:
    dialect = Http2Generator()
    dialect.heard(line(snapshot, "w0", {"HTTP/2": 1, "HTTP/1.1": 2}))
    version, _ = dialect.proofs()
    assert (version.ok, version.detail) == (False, "HTTP/1.1 on 2 connections, HTTP/2 on 1 connection")


def test_a_target_that_nobody_reached_is_not_the_instrument_s_fault(snapshot: Make) -> None:
    dialect = Http2Generator()
    dialect.heard(line(snapshot, failed=3))
    assert dialect.proofs()[0].ok


@pytest.mark.parametrize(("cpu", "starved", "ok"), [(0.5, 0.4, True), (0.5, 0.5, False), (0.95, 0.0, False)])
def test_a_process_that_had_no_core_to_spare_did_not_keep_up(
    snapshot: Make, cpu: float, starved: float, ok: bool
) -> None:
    dialect = Http2Generator()
    dialect.heard(line(snapshot, "idle", cpu=0.0))
    dialect.heard(line(snapshot, "busy", cpu=cpu, starved=starved))
    dialect.heard(line(snapshot, "busy", second=1, cpu=0.0, last=True))
    _, kept_up = dialect.proofs()
    assert kept_up.ok is ok
    assert f"{cpu + starved:.0%} of a core" in kept_up.detail
    assert "(busy)" in kept_up.detail


def test_silence_proves_nothing() -> None:
    assert not Http2Generator().proofs()[1].ok


@pytest.mark.parametrize(
    "script",
    [
        "import battery.load.http2.__main__ as m; m.main()",
        "from battery.load.http2.dialect import Http2Generator as G\ntry: G()\nexcept Exception as e: sys.exit(str(e))",
    ],
    ids=["generator", "dialect"],
)
def test_without_h2_one_line_says_what_to_install(script: str) -> None:
    command = [sys.executable, "-c", f"import sys; sys.modules['h2'] = None\n{script}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "engine = \"httpx\" needs h2: pip install 'hardening-battery[http2]'\n"
