"""A real PostgreSQL on a loopback port, for the tests of the reference target."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

DEADLINE_SECONDS = 30.0


class Postgres:
    """A cluster of its own while the block runs; `stop`, `start` and `cut` are its outages."""

    def __init__(self, max_connections: int = 40) -> None:
        self.port = _free_port()
        self._max_connections = max_connections
        # initdb refuses root, and its folder must be reachable by whom it runs as: pytest's own folders are not.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="reference-postgres-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def __enter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, self._user)
        self._command(
            "initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-D", str(self._folder / "data")
        )
        self.start()
        # A superuser would pass by limits on connections.
        self.sql("CREATE ROLE app LOGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def url(self, port: int | None = None) -> str:
        """The address of an empty database, through a proxy at `port` if one is given."""
        self._databases += 1
        name = f"test{self._databases}"
        self.sql(f"CREATE DATABASE {name} OWNER app")
        return f"postgresql://app@127.0.0.1:{port or self.port}/{name}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the superuser."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database)
        return self._command("psql", "-X", "-A", "-t", *where, "-c", statement)

    def cut(self) -> None:
        """Drop every connection but ours."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )

    @contextmanager
    def exhausted(self, url: str) -> Iterator[None]:
        """While the block runs, the database at `url` has no connection left for those who have none yet."""
        name = url.rpartition("/")[2]
        self.sql(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
        try:
            yield
        finally:
            self.sql(f"ALTER DATABASE {name} CONNECTION LIMIT -1")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "max_connections": self._max_connections,
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self._folder,
            "log_min_messages": "fatal",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [_tool("postgres"), "-D", str(self._folder / "data"), *options],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
            )
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self._is_down():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            assert self._server.poll() is None, (self._folder / "log").read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it as a crash would: nobody is told."""
        server, self._server = self._server, None
        if server is not None:
            server.send_signal(3)  # SIGQUIT: immediate shutdown
            server.wait(DEADLINE_SECONDS)

    def _is_down(self) -> bool:
        try:
            self.sql("SELECT 1")
        except subprocess.CalledProcessError:
            return True
        return False

    def _command(self, tool: str, *arguments: str) -> str:
        done = subprocess.run(
            [_tool(tool), *arguments],
            check=True,
            capture_output=True,
            text=True,
            user=self._user,
            cwd=self._folder,
            timeout=DEADLINE_SECONDS,
        )
        return done.stdout.strip()


def _tool(name: str) -> str:
    # Debian keeps the server's tools out of PATH; one of them that is there shows where they are.
    found = shutil.which("initdb")
    assert found
    beside = Path(found).resolve().with_name(name)
    return str(beside) if beside.exists() else name


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
