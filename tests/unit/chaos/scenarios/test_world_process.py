"""Which process the scenarios harm: only one that is seen to serve the target."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import obstacle
from battery.chaos.process.identity import ProcessIdentity
from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.world import World
from battery.chaos.undo.records import Opened, Promised, encode
from battery.load.requests import address
from battery.model.definition import Definition
from battery.model.target import Process, Target
from tests.fakes.targets import Answer, scripted_target, unused_url
from tests.integration.chaos.process.sleeper import sleeper

pytestmark = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="only Linux tells who listens where"
)
SERVER = """
import http.server, os, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        right = self.headers.get("Authorization") == os.environ.get("WANTED")
        self.send_response(200 if right else 401); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *words): pass
print("cannot greet", os.environ.get("WANTED"), flush=True)
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
for _ in range(int(sys.argv[2])):
    if os.fork() == 0:
        server.serve_forever()
print(server.server_address[1], flush=True)
server.serve_forever()
"""


@contextmanager
def server(forks: int = 0) -> Iterator[tuple[int, str]]:
    """A server of its own process, with children that share its socket; its id and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, "0", str(forks)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    try:
        yield process.pid, f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        os.killpg(process.pid, 9)
        process.wait()
        process.stdout.close()


def a_world(tmp_path: Path, url: str, **given: Any) -> World:
    target = Target(url=url, ready="/ready")
    return World(
        Definition(target=target, process=Process(**given)), tmp_path, tmp_path / "state", lambda _: None
    )


@pytest.mark.parametrize("scenario", ["restart", "pause", "descriptors"])
def test_a_pid_file_of_a_bystander_is_an_obstacle_that_names_who_serves(
    tmp_path: Path, scenario: str
) -> None:
    with server() as (pid, url), sleeper() as bystander:
        (tmp_path / "pid").write_text(str(bystander.one.pid))
        with a_world(tmp_path, url, pid_file="pid", supervised=True) as world:
            why = CATALOGUE[scenario].obstacle(world)
            assert f"does not listen at port {address(url).port}, process {pid} (python" in why
            assert 'set [process] listens to its own "PORT"' in why
        (tmp_path / "pid").write_text(str(pid))
        with a_world(tmp_path, url, pid_file="pid", supervised=True) as world:
            assert CATALOGUE[scenario].obstacle(world) == ""
            assert world.given().one.pid == pid


def test_a_child_that_shares_the_socket_serves_as_well_and_a_wrapper_is_passed_over(tmp_path: Path) -> None:
    with server(forks=2) as (pid, url):
        shell = subprocess.Popen(["sh", "-c", "sleep 600; true"], start_new_session=True)
        (tmp_path / "pid").write_text(str(pid))
        with a_world(tmp_path, url, pid_file="pid") as world:
            assert world.given().one.pid == pid
        (tmp_path / "pid").write_text(str(shell.pid))
        with a_world(tmp_path, url, pid_file="pid") as world:
            assert "does not listen" in obstacle(world.given())
        os.killpg(shell.pid, 9)
        shell.wait()


def test_another_url_beside_a_pid_file_is_refused(tmp_path: Path) -> None:
    with server() as (pid, _), server() as (_, other):
        (tmp_path / "pid").write_text(str(pid))
        with a_world(tmp_path, other, pid_file="pid") as world:
            assert "does not listen" in obstacle(world.given())
        with a_world(tmp_path, "http://198.51.100.7", pid_file="pid") as world:
            why = obstacle(world.given())
            assert "198.51.100.7 is not this machine" in why
            assert "run the battery beside the target" in why


def test_a_process_behind_another_program_is_found_where_battery_toml_says(tmp_path: Path) -> None:
    with server() as (pid, url), server() as (_, front):
        (tmp_path / "pid").write_text(str(pid))
        port = str(address(url).port)
        for place in (front, "http://198.51.100.7"):
            with a_world(tmp_path, place, pid_file="pid", listens=port) as world:
                assert obstacle(world.given()) == ""
            with a_world(tmp_path, place, pid_file="pid", listens="unseen") as world:
                assert obstacle(world.given()) == ""
                (told,) = CATALOGUE["pause"].plan(world, pace_of("smoke"))
                assert f"process {pid} (python" in told
                assert "taken at your word" in told, "the evidence says that nobody saw it serve"
        with a_world(tmp_path, front, pid_file="pid", listens="/run/no.sock") as world:
            why = obstacle(world.given())
            assert "does not listen at /run/no.sock, and nobody else is seen there" in why


def test_a_process_that_serves_a_socket_of_the_file_system_is_found(tmp_path: Path) -> None:
    path = str(tmp_path / "app.sock")
    code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print(1, flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdout.readline()
    (tmp_path / "pid").write_text(str(process.pid))
    with a_world(tmp_path, unused_url(), pid_file="pid", listens=path) as world:
        assert obstacle(world.given()) == ""
    process.stdin.close()
    process.wait()
    process.stdout.close()


def test_a_wrapper_that_the_battery_started_is_not_taken_for_the_server(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    url = unused_url()
    command = ("sh", "-c", f"{sys.executable} server.py {address(url).port} 0; true")
    with a_world(tmp_path, url, command=command) as world:
        world.start_target()
        assert world.process is not None
        given = world.given()
        assert given.one.pid != world.process.given.one.pid
        assert "as a child of process" in given.given
        assert obstacle(given) == ""


@pytest.mark.parametrize(
    ("forks", "words"),
    [(1, ""), (2, "which of them is meant, nobody can tell; name one with [process] pid_file")],
)
def test_the_child_of_a_supervisor_that_serves_is_meant_and_of_several_none(
    tmp_path: Path, forks: int, words: str
) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    url = unused_url()
    # As uvicorn has one: a child that serves nothing is older than those that do.
    code = f"import subprocess, sys; subprocess.Popen(['sleep', '600']); sys.argv = ['', '{address(url).port}', '{forks}']; exec(open('server.py').read())"
    with a_world(tmp_path, url, command=(sys.executable, "-c", code), supervised=True) as world:
        world.start_target()
        given = world.given()
        assert obstacle(given).endswith(words) if not words else words in obstacle(given)
        if not words:
            assert "(python" in str(given)


@pytest.mark.parametrize("status", [503, 401, 404])
def test_whoever_answers_at_all_is_there_and_no_second_copy_is_started(tmp_path: Path, status: int) -> None:
    with (
        scripted_target({"/ready": [Answer(status)]}) as target,
        a_world(tmp_path, target.url, command=("touch", "second")) as world,
    ):
        said = world.start_target()
        assert f"somebody is there already at {target.url} and answers {status} to /ready" in said
        assert world.process is None
    assert not (tmp_path / "second").exists()


def test_whoever_takes_the_connection_and_says_nothing_is_there_as_well(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with a_world(tmp_path, url, command=("false",)) as world:
            assert "does not answer /ready: its command was not started" in world.start_target()


def test_the_targets_own_headers_are_sent_and_no_secret_is_shown_or_left(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    url = unused_url()
    definition = Definition(
        target=Target(url=url, ready="/ready", headers={"Authorization": "env:TOKEN"}),
        process=Process(
            command=(sys.executable, "server.py", str(address(url).port), "0"), env={"WANTED": "env:TOKEN"}
        ),
    )
    environ = {"TOKEN": "Bearer s3cret-s3cret", "XDG_STATE_HOME": str(tmp_path)}
    with World(definition, tmp_path, tmp_path / "state", lambda _: None, environ) as world:
        assert world.start_target().startswith("started by the battery")
        assert world.process is not None
        assert "s3cret" not in world.process.log.tail()
        with World(definition, tmp_path, tmp_path / "other", lambda _: None, environ) as second:
            assert "answers already" in second.start_target()
    assert (tmp_path / "state" / "target.log").read_text().startswith("cannot greet [redacted]")


def test_a_target_that_does_not_start_is_told_without_its_secrets(tmp_path: Path) -> None:
    process = Process(command=("sh", "-c", "echo cannot connect to $DSN; exit 1"), env={"DSN": "env:DSN"})
    definition = Definition(target=Target(url=unused_url(), ready="/ready"), process=process)
    environ = {"DSN": "postgresql://app:hunter2-hunter2@db/app", "XDG_STATE_HOME": str(tmp_path)}
    with (
        World(definition, tmp_path, tmp_path / "state", lambda _: None, environ) as world,
        pytest.raises(ProcessFailed, match=r"cannot connect to \[redacted\]") as caught,
    ):
        world.start_target()
    assert "hunter2" not in str(caught.value)
    log = tmp_path / "state" / "target.log"
    assert "hunter2" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_what_a_run_with_another_out_folder_left_is_put_back_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    environ = {"XDG_STATE_HOME": str(tmp_path / "home")}
    definition = Definition(target=Target(url=unused_url()))
    with World(definition, tmp_path, tmp_path / "first", told.append, environ):
        dead = Opened(owner=ProcessIdentity(pid=2**31 - 1, create_time=time.monotonic()))
        left = tmp_path / "first" / "undo" / "undo-1-abc.jsonl"
        left.write_bytes(encode(dead) + encode(Promised(number=1, name="kill")))
    with World(definition, tmp_path, tmp_path / "second", told.append, environ) as world:
        assert world.undone == (
            f"kill: nothing of it can be left (undone by this start) [journal in {left.parent}]",
        )
    assert told == list(world.undone)
    assert not left.exists()
    with World(definition, tmp_path, tmp_path / "third", told.append, environ) as world:
        assert world.undone == ()
    with World(definition, tmp_path, tmp_path / "third", told.append, {}):
        assert "with the same --out only" in told[-1]
