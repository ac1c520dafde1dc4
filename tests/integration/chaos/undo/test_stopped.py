"""A battery that is stopped, as Ctrl-Z does: its faults end at their limits all the same."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from battery.chaos.process.identity import is_stopped
from battery.chaos.undo.replay import replay_left
from tests.integration.chaos.process.sleeper import sleeper
from tests.integration.chaos.process.waiting import wait_until
from tests.integration.chaos.undo.conftest import Owner
from tests.integration.chaos.undo.http_proxies import HttpProxies

Owners = list[Owner]


def _stop(owner: Owner) -> None:
    os.kill(owner.process.pid, signal.SIGSTOP)
    wait_until(
        lambda: psutil.Process(owner.process.pid).status() == psutil.STATUS_STOPPED, "the battery is stopped"
    )


def test_a_process_that_it_stopped_is_continued_at_the_limit(owners: Owners, tmp_path: Path) -> None:
    with sleeper() as process:
        owner = Owner(tmp_path, "pause", pid=process.one.pid, limit=1.0)
        owners.append(owner)
        _stop(owner)
        wait_until(lambda: not is_stopped(process.one), "continued by the watchdog")
        assert psutil.Process(owner.process.pid).status() == psutil.STATUS_STOPPED
        owner.kill()
        wait_until(lambda: not psutil.pid_exists(owner.said["watchdog"]), "the watchdog ended")
        told = "\n".join(map(str, replay_left(tmp_path)))
        assert "was continued (undone by the watchdog)" in told


def test_the_disk_has_its_space_back_at_the_limit(owners: Owners, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    owner = Owner(tmp_path, "disk", folder=str(folder), limit=2.0)
    owners.append(owner)
    assert owner.said["seen"], owner.said
    _stop(owner)
    agents = [child for child in owner.children if child.pid != owner.said["watchdog"]]
    wait_until(
        lambda: all(not each.is_running() or each.status() == psutil.STATUS_ZOMBIE for each in agents),
        "nobody holds the space any more",
    )
    assert psutil.Process(owner.process.pid).status() == psutil.STATUS_STOPPED


@pytest.mark.real("toxiproxy-server")
def test_a_toxic_is_stripped_at_the_limit(owners: Owners, tmp_path: Path, toxiproxy: HttpProxies) -> None:
    owner = Owner(tmp_path, "toxic", url=toxiproxy.url, limit=1.0)
    owners.append(owner)
    _stop(owner)

    def gone() -> bool:
        state = toxiproxy.state("db")
        return state is not None and not state.toxics

    wait_until(gone, "stripped by the watchdog")


@pytest.mark.real("toxiproxy-server")
def test_a_proxy_on_a_server_of_others_goes_with_a_killed_battery_and_theirs_stays(
    owners: Owners, tmp_path: Path, toxiproxy: HttpProxies
) -> None:
    owner = Owner(tmp_path, "line", url=toxiproxy.url)
    owners.append(owner)
    name = owner.said["proxy"]
    assert toxiproxy.state(name) is not None
    owner.kill()
    wait_until(lambda: toxiproxy.state(name) is None, "deleted by the watchdog")
    assert toxiproxy.state("db") is not None
    wait_until(lambda: not psutil.pid_exists(owner.said["watchdog"]), "the watchdog ended")
    told = "\n".join(map(str, replay_left(tmp_path)))
    assert f'proxy "{name}" was deleted at {toxiproxy.url} (undone by the watchdog)' in told


@pytest.mark.real("toxiproxy-server")
def test_a_proxy_on_a_server_of_others_goes_with_the_block(
    owners: Owners, tmp_path: Path, toxiproxy: HttpProxies
) -> None:
    owner = Owner(tmp_path, "line", url=toxiproxy.url)
    owners.append(owner)
    owner.process.send_signal(signal.SIGINT)
    owner.process.wait()
    assert toxiproxy.state(owner.said["proxy"]) is None
    assert list(tmp_path.glob("undo-*")) == []
