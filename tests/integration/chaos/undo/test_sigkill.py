"""SIGKILL of the battery in the middle of each fault: the world is put back, and the next start tells it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from battery.chaos.faults.proxies import Toxic
from battery.chaos.process.identity import is_stopped
from battery.chaos.undo.replay import replay_left
from tests.fakes.ended import runs
from tests.fakes.postgres_server import PostgresServer
from tests.integration.chaos.process.sleeper import sleeper
from tests.integration.chaos.process.waiting import wait_until
from tests.integration.chaos.undo.conftest import Owner
from tests.integration.chaos.undo.http_proxies import HttpProxies

Owners = list[Owner]


def _gone(owner: Owner) -> Callable[[], bool]:
    def gone() -> bool:
        return not any(runs(child) for child in owner.children)

    return gone


def _told(state: Path) -> str:
    """What the next start tells; it leaves nothing behind."""
    told = "\n".join(str(one) for one in replay_left(state))
    assert list(state.glob("undo-*")) == []
    return told


def test_a_stopped_process_is_continued(owners: Owners, tmp_path: Path) -> None:
    with sleeper() as process:
        owner = Owner(tmp_path, "pause", pid=process.one.pid)
        owners.append(owner)
        assert owner.said["seen"], owner.said
        assert is_stopped(process.one)
        owner.kill()
        wait_until(lambda: not is_stopped(process.one), "continued")
        wait_until(_gone(owner), "the watchdog ended")
        words = f"pause: process {process.one.pid} (sleep) was continued (undone by the watchdog)"
        assert _told(tmp_path) == words


def test_a_lowered_limit_is_restored(owners: Owners, tmp_path: Path) -> None:
    with sleeper() as process:
        target = psutil.Process(process.one.pid)
        before = target.rlimit(psutil.RLIMIT_NOFILE)
        owner = Owner(tmp_path, "descriptors", pid=process.one.pid)
        owners.append(owner)
        assert owner.said["seen"], owner.said
        assert target.rlimit(psutil.RLIMIT_NOFILE) < before
        owner.kill()
        wait_until(lambda: bool(target.rlimit(psutil.RLIMIT_NOFILE) == before), "restored")
        wait_until(_gone(owner), "the watchdog ended")
        assert f"the descriptor limit is {before[0]} again (undone by the watchdog)" in _told(tmp_path)


def test_the_disk_space_comes_back(owners: Owners, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    owner = Owner(tmp_path, "disk", folder=str(folder))
    owners.append(owner)
    assert owner.said["seen"], owner.said
    assert set(_holders(folder)) <= {child.pid for child in owner.children}
    assert _holders(folder)
    owner.kill()
    wait_until(lambda: not _holders(folder), "nobody holds the file")
    assert list(folder.iterdir()) == []
    wait_until(_gone(owner), "the watchdog ended")
    told = _told(tmp_path)
    assert "was gone already; the disk agent: " in told
    assert told.endswith("(undone by the watchdog)")


@pytest.mark.parametrize(("fault", "children"), [("memory", 1), ("cpu", 2), ("tcp", 1), ("burst", 1)])
def test_no_agent_outlives_the_battery(
    fault: str, children: int, owners: Owners, tmp_path: Path, port: int
) -> None:
    owner = Owner(tmp_path, fault, port=port)
    owners.append(owner)
    assert owner.said["seen"], owner.said
    assert len(owner.children) == children + 1, "the agents and the watchdog"
    owner.kill()
    wait_until(_gone(owner), "no agent, no watchdog")
    assert _told(tmp_path).count("(undone by the watchdog)") == 1


@pytest.mark.real("postgres")
def test_postgresql_has_its_connections_back(
    owners: Owners, tmp_path: Path, postgres: PostgresServer
) -> None:
    owner = Owner(tmp_path, "postgresql", dsn=postgres.dsn)
    owners.append(owner)
    assert owner.said["seen"], owner.said
    assert _query(postgres) != 0
    owner.kill()
    wait_until(lambda: _query(postgres) == 0, "an ordinary user can connect")
    wait_until(_gone(owner), "no agent, no watchdog")


@pytest.mark.real("toxiproxy-server")
def test_only_our_toxic_is_stripped(owners: Owners, tmp_path: Path, toxiproxy: HttpProxies) -> None:
    toxiproxy.add_toxic("db", Toxic(name="theirs", type="latency", attributes={"latency": 1}))
    owner = Owner(tmp_path, "toxic", url=toxiproxy.url)
    owners.append(owner)
    assert not owner.said["seen"], "nobody uses the proxy"
    assert len(_toxics(toxiproxy)) == 2
    owner.kill()
    wait_until(lambda: _toxics(toxiproxy) == ["theirs"], "stripped by its name")
    wait_until(_gone(owner), "the watchdog ended")
    assert "was removed at http://127.0.0.1:" in _told(tmp_path)


@pytest.mark.real("toxiproxy-server")
def test_a_disabled_proxy_is_enabled(owners: Owners, tmp_path: Path, toxiproxy: HttpProxies) -> None:
    owner = Owner(tmp_path, "down", url=toxiproxy.url)
    owners.append(owner)
    assert "refuses at" in owner.said["meter"]
    assert not _enabled(toxiproxy)
    owner.kill()
    wait_until(lambda: _enabled(toxiproxy), "enabled")
    wait_until(_gone(owner), "the watchdog ended")
    assert 'proxy "db" was enabled' in _told(tmp_path)


FAMILY = "import subprocess, sys, time; subprocess.Popen(['sleep', '600'], env={}); time.sleep(600)"


def test_a_target_that_the_battery_started_ends_with_all_that_it_started(
    owners: Owners, tmp_path: Path
) -> None:
    owner = Owner(tmp_path, "target", command=[sys.executable, "-c", FAMILY])
    owners.append(owner)
    target = psutil.Process(owner.said["pid"])
    wait_until(lambda: len(target.children()) == 1, "it has a child that lost the mark")
    owner.children += target.children()
    owner.kill()
    wait_until(_gone(owner), "no target, no child of it, no watchdog")
    assert "the target's process: the target: " in _told(tmp_path)


def test_without_its_watchdog_the_next_start_puts_the_world_back(owners: Owners, tmp_path: Path) -> None:
    with sleeper() as process:
        owner = Owner(tmp_path, "pause", pid=process.one.pid)
        owners.append(owner)
        psutil.Process(owner.said["watchdog"]).kill()
        owner.kill()
        assert is_stopped(process.one)
        assert _told(tmp_path).endswith("was continued (undone by this start)")
        wait_until(lambda: not is_stopped(process.one), "continued")


def test_the_watchdog_ignores_what_ends_the_battery_and_ends_with_it(owners: Owners, tmp_path: Path) -> None:
    owner = Owner(tmp_path, "nothing")
    owners.append(owner)
    watchdog = psutil.Process(owner.said["watchdog"])
    assert os.getsid(watchdog.pid) == watchdog.pid, "a session of its own"
    for number in (1, 2, 15):
        watchdog.send_signal(number)
    assert runs(watchdog)
    owner.kill()
    wait_until(_gone(owner), "the watchdog ended")
    assert _told(tmp_path) == ""


def _holders(folder: Path) -> list[int]:
    """Who has a file without a name open in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith(f"{folder}/") and target.endswith("(deleted)"):
            found.append(int(entry.parts[2]))
    return found


def _toxics(proxies: HttpProxies) -> list[str]:
    state = proxies.state("db")
    return [toxic.name for toxic in state.toxics] if state else []


def _enabled(proxies: HttpProxies) -> bool:
    state = proxies.state("db")
    return state is not None and state.enabled


def _query(postgres: PostgresServer) -> int:
    command = ["psql", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "app", "-c", "select 1", "app"]
    return subprocess.run(command, capture_output=True, check=False).returncode
