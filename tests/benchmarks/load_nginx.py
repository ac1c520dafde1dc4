"""An nginx of its own on a free port: one process, 15 bytes, and a counter of what it really served."""

import contextlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from battery.load.fleet import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
_CONFIGURATION = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 200 "hello, world!!\\n"; }}
    location = /served {{ stub_status; }}
  }}
}}
"""


class Nginx:
    """A running nginx."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"

    def served(self) -> int:
        """Requests that it has answered since it began, this one included."""
        with urllib.request.urlopen(self.url + "served", timeout=5) as answer:
            return int(answer.read().split()[9])


@contextlib.contextmanager
def nginx() -> Iterator[Nginx]:
    """An nginx for the time of the block; ends the benchmark where none is installed."""
    if NGINX is None:
        raise SystemExit("nginx is not installed: nothing to load")
    with tempfile.TemporaryDirectory(prefix="battery-nginx-") as folder:
        port = free_port("127.0.0.1")
        configuration = Path(folder, "nginx.conf")
        configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
        with subprocess.Popen([NGINX, "-c", str(configuration)], stderr=subprocess.DEVNULL) as process:
            try:
                running = Nginx(port)
                _wait_for(running)
                yield running
            finally:
                process.terminate()


def _wait_for(running: Nginx) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            running.served()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
