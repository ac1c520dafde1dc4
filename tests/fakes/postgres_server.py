"""A real PostgreSQL server over an empty folder, for as long as a block runs. It refuses root, so root lends it a user."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0
_NO_SYNC = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresServer:
    """Trusts everybody on loopback; role "postgres" is a superuser, role "app" an ordinary user, database "app" is app's."""

    def __init__(self, *, max_connections: int = 20, settings: tuple[str, ...] = ()) -> None:
        self.port = _free_port()
        self.max_connections = max_connections
        self.log = ""
        self._settings = tuple(word for setting in settings for word in ("-c", setting))
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """Where the ordinary user connects."""
        return f"postgresql://app@127.0.0.1:{self.port}/app"

    @property
    def superuser_dsn(self) -> str:
        """Where the superuser connects."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/app"

    @property
    def pid(self) -> int:
        """The postmaster's process id; 0 while it is stopped."""
        return self._process.pid if self._process else 0

    def __enter__(self) -> Self:
        """Make a cluster and start it."""
        self._folder = Path(tempfile.mkdtemp(prefix="battery-postgres-"))
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        try:
            self._run(
                "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
            )
            self.start()
            for statement in ("create role app login", "create database app owner app"):
                self._run(
                    "psql",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(self.port),
                    "-U",
                    "postgres",
                    "-c",
                    statement,
                    "postgres",
                )
        except BaseException:
            self._clear_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it and delete the cluster."""
        self._clear_up()

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [_tool("postgres"), "-D", str(self._data), *self._bounds(), *_NO_SYNC, *self._settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._folder,
                user=self._user,
                group=self._group,
                extra_groups=self._groups,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        asking = [_tool("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(asking, check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts the connections and ends cleanly, SIGQUIT crashes it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _group(self) -> int | None:
        return pwd.getpwnam(self._user).pw_gid if self._user else None

    @property
    def _groups(self) -> list[int] | None:
        return [] if self._user else None

    def _bounds(self) -> tuple[str, ...]:
        return (
            *("-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._folder)),
            *("-c", f"max_connections={self.max_connections}", "-c", "shared_buffers=16MB"),
        )

    def _run(self, tool: str, *arguments: str) -> None:
        done = subprocess.run(
            [_tool(tool), *arguments],
            cwd=self._folder,
            user=self._user,
            group=self._group,
            extra_groups=self._groups,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{tool}: {done.stdout}{done.stderr}"

    def _clear_up(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _tool(name: str) -> str:
    """The full path: another user's PATH may lack it."""
    found = shutil.which(name)
    assert found is not None, f"{name} is not on PATH"
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
