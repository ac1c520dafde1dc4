"""Known attacks on TLS through the real sslyze; and a tool that is absent, broken or blind."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.conversations import listening
from battery.scan.target.tls_attacks import ATTACKS
from tests.integration.scan.target.conftest import Trust
from tests.integration.scan.target.scripted import rules, scan, serving, sound

NAMES = {attack.name for attack in ATTACKS}


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A command in place of sslyze; the test writes what it does."""
    path = tmp_path / "sslyze-stand-in"
    path.write_text("#!/bin/sh\necho no such option >&2; exit 2\n")
    path.chmod(0o755)
    return path


@contextmanager
def patient_for(connections: int, url: str) -> Iterator[str]:
    """A way to a server that lets so many connections pass and closes each one after them."""
    port, passed = int(url.rpartition(":")[2]), list[int]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed.append(1)
        if len(passed) > connections:
            writer.transport.abort()
            return
        back, forth = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_copied(reader, forth), _copied(back, writer))
        finally:
            forth.transport.abort()

    ready, ports, loops = threading.Event(), list[int](), list[asyncio.AbstractEventLoop]()
    stop = asyncio.Event()

    async def serve() -> None:
        async with listening(talk) as listens:
            ports.append(listens)
            loops.append(asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    try:
        yield f"https://127.0.0.1:{ports[0]}"
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side has hung up, which ends the other below
    writer.transport.abort()


@pytest.mark.real("sslyze")
def test_a_server_that_closes_what_comes_too_often_did_not_withstand(trust: Trust) -> None:
    with serving(sound, trust.server) as behind, patient_for(16, behind) as url:
        result = scan(url, "tls", ca_file=str(trust.authority), sslyze="sslyze")
    assert {skipped.what for skipped in result.ledger.skipped} >= NAMES
    assert any(
        "stopped answering" in reason or "could not connect" in reason for reason in result.incomplete
    ), result.incomplete


@pytest.mark.real("sslyze")
def test_a_sound_server_withstands_them_all_and_the_canary_does_not(trust: Trust) -> None:
    with serving(sound, trust.server) as url:
        result = scan(url, "tls", ca_file=str(trust.authority), sslyze="sslyze")
    assert result.found == ()
    assert result.incomplete == ()
    assert result.facts["sslyze"].startswith("6.")
    assert result.ledger.scanned == result.ledger.discovered == 13 + len(ATTACKS)
    (canary,) = [one for one in result.canaries if one.name == "target.tls.renegotiation"]
    assert canary.seen, canary.detail


def test_without_it_the_scan_is_complete_and_says_what_was_not_tried(trust: Trust) -> None:
    with serving(sound, trust.server) as url:
        result = scan(url, "tls", ca_file=str(trust.authority), sslyze="sslyze-that-is-not-there")
    assert result.incomplete == ()
    assert "Heartbleed" in result.facts["sslyze"]
    assert "hardening-battery[tls]" in result.facts["sslyze"]


def test_one_that_leaves_no_report_is_incomplete_and_quoted(trust: Trust, stand_in: Path) -> None:
    with serving(sound, trust.server) as url:
        result = scan(url, "tls", ca_file=str(trust.authority), sslyze=str(stand_in))
    told = "sslyze left no usable report (exit 2); it said: no such option"
    assert any(told in reason for reason in result.incomplete), result.incomplete
    assert {skipped.what for skipped in result.ledger.skipped} >= NAMES
    assert not next(one for one in result.canaries if one.name == "target.tls.renegotiation").seen


def test_one_that_never_connected_is_incomplete(trust: Trust, stand_in: Path) -> None:
    report = '{"sslyze_version": "6", "server_scan_results": [{"scan_status": "ERROR_NO_CONNECTIVITY"}]}'
    stand_in.write_text(
        f"#!/bin/sh\nfor last in \"$@\"; do case $last in --json_out=*) echo '{report}' > ${{last#*=}};; esac; done\n"
    )
    with serving(sound, trust.server) as url:
        result = scan(url, "tls", ca_file=str(trust.authority), sslyze=str(stand_in))
    assert "target.tls.renegotiation" not in rules(result)
    assert any("could not connect" in reason for reason in result.incomplete), result.incomplete
