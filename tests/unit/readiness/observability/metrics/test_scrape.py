"""One scrape of a real server."""

import httpx
import pytest

from battery.readiness.observability.metrics.exposition import ExpositionUnreadable
from battery.readiness.observability.metrics.scrape import OPENMETRICS, scrape
from tests.fakes.targets import Answer, scripted_target, unused_url

TEXT = b"# HELP a b.\n# TYPE a_total counter\na_total 1\n"


def test_a_scrape_asks_for_the_format_and_reads_it() -> None:
    with scripted_target({"/m": [Answer(200, TEXT)]}) as target, httpx.Client(base_url=target.url) as http:
        found = scrape(http, "/m", OPENMETRICS)
        [(_, headers)] = target.requests
    assert headers["accept"] == OPENMETRICS
    assert [sample.name for sample in found.read().samples] == ["a_total"]


def test_a_body_that_is_too_large_is_not_read_to_its_end() -> None:
    with (
        scripted_target({"/m": [Answer(200, TEXT * 1000)]}) as target,
        httpx.Client(base_url=target.url) as http,
    ):
        found = scrape(http, "/m", largest=100)
    assert len(found.data) == 101


def test_an_answer_that_is_no_success_is_no_exposition() -> None:
    with scripted_target({"/m": [Answer(503, TEXT)]}) as target, httpx.Client(base_url=target.url) as http:
        found = scrape(http, "/m")
    with pytest.raises(ExpositionUnreadable, match="answers HTTP 503"):
        found.read()


def test_nobody_there_is_told() -> None:
    with (
        httpx.Client(base_url=unused_url()) as http,
        pytest.raises(ExpositionUnreadable, match="ConnectError"),
    ):
        scrape(http, "/m")
