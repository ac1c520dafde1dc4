"""Requests to endpoints of battery.toml."""

import httpx

from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from battery.readiness.observability.sending import Sender, harmless
from tests.fakes.targets import Answer, scripted_target, unused_url


def test_headers_are_resolved_and_those_of_the_moment_go_last() -> None:
    endpoint = Endpoint(name="a", path="/a", headers={"X-Key": "env:KEY", "X-Trace": "old"})
    with scripted_target({"/a": [Answer(201)]}) as target, httpx.Client(base_url=target.url) as http:
        answer = Sender(http, {"KEY": "s3cret"}).send(endpoint, {"X-Trace": "new"})
        [(_, headers)] = target.requests
    assert answer is not None
    assert answer.status == 201
    assert (headers["x-key"], headers["x-trace"]) == ("s3cret", "new")


def test_a_body_without_end_is_let_go_of() -> None:
    answer = Answer(200, b"x" * (17 * 2**20))
    with scripted_target({"/a": [answer]}) as target, httpx.Client(base_url=target.url) as http:
        assert Sender(http, {}).send(Endpoint(name="a", path="/a")) is None


def test_nobody_there_is_no_answer() -> None:
    with httpx.Client(base_url=unused_url()) as http:
        assert Sender(http, {}).send(Endpoint(name="a", path="/a", method="POST", body="{}")) is None


def test_by_default_only_what_reads_is_sent() -> None:
    endpoints = (Endpoint(name="r", path="/r"), Endpoint(name="w", path="/w", method="POST"))
    definition = Definition(target=Target(ready="/ready"), endpoint=endpoints)
    assert [each.name for each in harmless(definition)] == ["r"]
    assert [each.name for each in harmless(definition, ("w",))] == ["w"]


def test_without_an_endpoint_the_ready_path_is_asked() -> None:
    for target, path in ((Target(ready="/r", live="/l"), "/r"), (Target(live="/l"), "/l"), (Target(), "/")):
        assert [each.path for each in harmless(Definition(target=target))] == [path]
