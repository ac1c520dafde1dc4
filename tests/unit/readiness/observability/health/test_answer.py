"""One question to a real server."""

import httpx

from battery.readiness.observability.health.answer import ask
from tests.fakes.targets import Answer, scripted_target, unused_url


def test_an_answer_is_kept_with_its_type_and_the_beginning_of_its_body() -> None:
    kind = (("Content-Type", "Application/Health+JSON; charset=utf-8"),)
    answer = Answer(200, b"x" * 200_000, kind)
    with scripted_target({"/live": [answer]}) as target, httpx.Client(base_url=target.url) as http:
        found = ask(http, "/live")
    assert (found.status, found.kind, found.says_yes) == (200, "application/health+json", True)
    assert len(found.body) == 64 * 1024
    assert found.milliseconds > 0
    assert found.words == "HTTP 200"


def test_nobody_there_is_told_by_the_kind_of_error() -> None:
    with httpx.Client(base_url=unused_url()) as http:
        found = ask(http, "/live", "HEAD")
    assert (found.status, found.says_yes, found.trouble) == (0, False, "ConnectError")
    assert found.words == "no answer (ConnectError)"
