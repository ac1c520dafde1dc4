"""The resources of a target that runs elsewhere, as its metrics tell them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.remote_usage import EVERY, MetricsWatch, samples
from battery.model.target import Target

TEXT = """\
# HELP process_cpu_seconds_total Total CPU time.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total {cpu}
process_resident_memory_bytes {{pid="7"}} 1.048576e+07
process_open_fds 12
http_requests_total 9
"""


class Exposition(ThreadingHTTPServer):
    """Serves what its `text` and `status` are."""

    text, status = TEXT.format(cpu=1.0).replace(" {pid", "{pid"), 200


class Handler(BaseHTTPRequestHandler):
    server: Exposition

    def do_GET(self) -> None:
        body = self.server.text.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        """Tests print nothing."""


@pytest.fixture
def exposition() -> Iterator[Exposition]:
    with Exposition(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def watch(exposition: Exposition) -> Iterator[MetricsWatch]:
    watch = MetricsWatch(Target(url=f"http://127.0.0.1:{exposition.server_port}", metrics="/metrics"), {})
    yield watch
    watch.close()


def test_memory_descriptors_and_cpu_are_read_every_few_seconds(
    exposition: Exposition, watch: MetricsWatch
) -> None:
    first = watch.read(0)
    assert first is not None
    assert (first.rss, first.descriptors, first.threads, first.cpu) == (10.0, 12, None, 0.0)
    assert watch.read(1) is None
    exposition.text = exposition.text.replace("total 1.0", "total 3.5")
    later = watch.read(EVERY)
    assert later is not None
    assert later.cpu == pytest.approx(2.5 / EVERY)


@pytest.mark.parametrize(("status", "text"), [(404, TEXT), (200, "http_requests_total 9"), (200, "")])
def test_metrics_without_memory_are_no_reading(
    exposition: Exposition, watch: MetricsWatch, status: int, text: str
) -> None:
    exposition.status, exposition.text = status, text
    assert watch.read(0) is None


def test_a_target_that_is_gone_is_no_reading() -> None:
    watch = MetricsWatch(Target(url="http://127.0.0.1:1", metrics="/metrics"), {})
    assert watch.read(0) is None
    watch.close()


def test_values_that_are_no_numbers_are_left_out() -> None:
    text = "process_open_fds many\nprocess_threads NaN\nprocess_x -1\nprocess_y 3"
    assert samples(text) == {"process_y": 3.0}


@given(st.text(max_size=300))
def test_no_exposition_breaks_the_reading(text: str) -> None:
    assert all(value >= 0 for value in samples(text + "\n" + text).values())
