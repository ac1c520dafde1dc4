"""What faults say before they do anything, and what they refuse."""

import sys

import pytest

from battery.chaos.faults.amounts import MIB, mib
from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.cpu_room import CpuRoom
from battery.chaos.faults.descriptors import DescriptorExhaustion
from battery.chaos.faults.interface import Effect, Fault
from battery.chaos.faults.kill import Kill
from battery.chaos.faults.load_burst import LoadBurst
from battery.chaos.faults.memory import MemoryPressure
from battery.chaos.faults.null import NullFault
from battery.chaos.faults.pause import Pause
from battery.chaos.faults.postgresql_connections import PostgresqlExhaustion
from battery.chaos.faults.restart_command import RestartCommand
from battery.chaos.faults.tcp_connections import TcpExhaustion
from battery.chaos.faults.terminate import Terminate
from battery.chaos.process.given import GivenProcess
from battery.errors import UsageError

NOBODY = GivenProcess(identity=None, given="started by the battery")
URL = "http://user:hunter2@127.0.0.1:9/path?token=hunter2"


def _faults() -> dict[str, Fault]:
    return {
        "does nothing to nobody: the control that shows what a scenario reads without a fault": NullFault(),
        "sends SIGKILL to the target's process (not started yet)": Kill(NOBODY),
        "sends SIGTERM to the target's process (not started yet) and starts it again, after 9 s at the latest": (
            Terminate(NOBODY, limit=9, revive=lambda: None)
        ),
        "stops the target's process (not started yet) with SIGSTOP and continues them after 30 s at the latest": (
            Pause(NOBODY)
        ),
        "runs `systemctl restart app`, which should end within 60 s, and never ends it half-way": RestartCommand(
            ["systemctl", "restart", "app"]
        ),
        "lowers the limit of open files of the target's process (not started yet) and its descendants to what "
        "they have open plus 4, and restores it after 60 s at the latest": DescriptorExhaustion(NOBODY),
        "takes up to 64.0 MiB of this machine's memory, leaving 512.0 MiB available, for at most 5 s; the kernel "
        "would end its child before any other process": MemoryPressure(most=64 * MIB, limit=5),
        "burns 50% of 2 processors at nice 19 for at most 60 s": CpuPressure(
            duty=0.5, cores=2, room=CpuRoom(processors=8)
        ),
        "holds 20 connections to 127.0.0.1:9 that say nothing, for at most 60 s": TcpExhaustion(
            "127.0.0.1", 9, connections=20
        ),
        "holds every connection that the PostgreSQL server at 127.0.0.1:5433 gives to ordinary users, 2000 at "
        "most, for at most 60 s": PostgresqlExhaustion("postgresql+asyncpg://u:hunter2@127.0.0.1:5433/app"),
        "sends requests to http://127.0.0.1:9/path over 8 connections at once for 2 s, 1,000,000 at most": (
            LoadBurst(URL, connections=8, seconds=2)
        ),
    }


@pytest.mark.parametrize(("words", "fault"), _faults().items(), ids=lambda value: getattr(value, "name", ""))
def test_the_dry_run_says_what_is_done_to_whom_with_numbers_and_no_secret(words: str, fault: Fault) -> None:
    assert fault.describe() == words


@pytest.mark.parametrize("fault", _faults().values(), ids=lambda fault: fault.name)
def test_a_fault_that_was_not_injected_is_not_seen_and_can_be_removed(fault: Fault) -> None:
    effect = fault.prove()
    assert not effect.seen
    assert effect.meter
    fault.remove()
    fault.remove()


@pytest.mark.parametrize("kind", [Kill, Terminate, Pause, DescriptorExhaustion])
def test_a_process_that_does_not_run_is_an_obstacle(kind: type[Kill]) -> None:
    assert "has no process yet" in kind(NOBODY).obstacle()


def test_the_null_fault_says_that_it_did_nothing() -> None:
    fault = NullFault()
    assert (fault.obstacle(), fault.undo()) == ("", ())
    fault.inject()
    assert fault.prove() == Effect(seen=True, meter="did nothing, on purpose: 0 changes (control)")


def test_no_restart_command_is_an_obstacle_that_says_where_to_write_one() -> None:
    assert "restart_command = [" in RestartCommand([]).obstacle()
    assert RestartCommand(["true"]).obstacle() == ""


def test_amounts_that_cannot_be_are_refused() -> None:
    for duty in (0, -1, 1.1):
        with pytest.raises(UsageError, match="duty"):
            CpuPressure(duty=duty)
    for connections in (0, 100_001):
        with pytest.raises(UsageError, match="connections"):
            TcpExhaustion("127.0.0.1", 9, connections=connections)
        with pytest.raises(UsageError, match="connections"):
            LoadBurst(URL, connections=connections, seconds=1)
    with pytest.raises(UsageError, match="line break"):
        LoadBurst(URL, connections=1, seconds=1, headers={"X": "a\r\nHost: b"})


def test_a_machine_without_room_is_refused_with_numbers() -> None:
    assert "memory is already nearly full: " in MemoryPressure(floor=2**60).obstacle()
    assert MemoryPressure(floor=0).obstacle() == ""


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://127.0.0.1:99999/", "nonsense", "http:///x"])
def test_a_burst_to_what_is_no_url_is_refused(url: str) -> None:
    assert "the URL is none such as" in LoadBurst(url, connections=1, seconds=1).obstacle()


def test_nobody_elses_server_is_touched() -> None:
    assert "neither on" in LoadBurst("https://example.org/", connections=1, seconds=1).obstacle()
    assert LoadBurst("https://127.0.0.1/", connections=1, seconds=1).obstacle() == ""
    assert "neither on" in TcpExhaustion("example.org", 80, connections=1).obstacle()
    assert "neither on" in PostgresqlExhaustion("postgres://u@db.example.org/a").obstacle()
    assert (
        PostgresqlExhaustion("postgres://u@db.example.org/a", named=["db.example.org:5432"]).obstacle() == ""
    )


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("mysql://u:hunter2@127.0.0.1/a", "does not start with postgresql://"),
        ("postgresql://u:hunter2@127.0.0.1:x/a", "is no URL"),
    ],
)
def test_a_connection_string_that_is_none_is_refused_without_showing_it(dsn: str, words: str) -> None:
    obstacle = PostgresqlExhaustion(dsn).obstacle()
    assert words in obstacle
    assert "hunter2" not in obstacle


def test_a_socket_of_this_machine_is_inside() -> None:
    assert PostgresqlExhaustion("postgresql:///app", environ={}).obstacle() == ""
    assert PostgresqlExhaustion("postgresql:///app?host=/run/postgresql", environ={}).obstacle() == ""


@pytest.mark.parametrize(
    ("dsn", "environ"),
    [
        ("postgresql:///app?host=10.9.9.9", {}),
        ("postgresql://127.0.0.1/app?hostaddr=10.9.9.9", {}),
        ("postgresql://127.0.0.1,10.9.9.9/app", {}),
        ("postgresql:///app", {"PGHOST": "10.9.9.9"}),
    ],
)
def test_a_host_is_looked_for_wherever_a_connection_string_may_have_one(
    dsn: str, environ: dict[str, str]
) -> None:
    fault = PostgresqlExhaustion(dsn, environ=environ)
    assert "10.9.9.9:5432 is neither on" in fault.obstacle()
    assert "10.9.9.9:5432" in fault.describe()
    assert PostgresqlExhaustion(dsn, named=["10.9.9.9:5432"], environ=environ).obstacle() == ""


def test_a_service_file_tells_nobody_where_it_leads() -> None:
    for dsn, environ in (("postgresql:///app?service=x", {}), ("postgresql:///app", {"PGSERVICE": "x"})):
        fault = PostgresqlExhaustion(dsn, environ=environ)
        assert "a service of a pg_service.conf names the server" in fault.obstacle()
        assert "does not tell" in fault.describe()


def test_without_asyncpg_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert "pip install 'hardening-battery[postgresql]'" in PostgresqlExhaustion("postgresql:///a").obstacle()


def test_more_connections_than_descriptors_are_refused_with_numbers() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] == resource.RLIM_INFINITY or before[1] > 90_000:
        pytest.skip("this process may open more than any fault asks for")
    assert "ulimit -Hn" in TcpExhaustion("127.0.0.1", 9, connections=99_999).obstacle()


def test_sizes_read_as_people_write_them() -> None:
    assert (mib(0), mib(1.5 * MIB), mib(2048 * MIB)) == ("0.0 MiB", "1.5 MiB", "2.00 GiB")
