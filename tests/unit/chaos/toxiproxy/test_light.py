import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["client", "discovery", "guard"])
def test_importing_it_loads_neither_the_library_nor_the_server(module: str) -> None:
    code = f"import sys, battery.chaos.toxiproxy.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"toxiproxy", "requests", "future", "uvloop", "asyncio.events", "httptools"}


def test_the_library_warns_of_nothing() -> None:
    code = "from battery.chaos.toxiproxy.client import Client; Client('http://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
