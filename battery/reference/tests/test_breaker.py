"""The breaker on a clock that is moved by hand, what the dependency answers, and where it is."""

import json

import pytest

from battery.reference.dependency.address import Address, WrongAddress, address_in
from battery.reference.dependency.breaker import THRESHOLD, Breaker
from battery.reference.dependency.failure import BreakerOpen
from battery.reference.downstream.server import answer_to


def test_a_breaker_cools_down_probes_and_closes() -> None:
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(THRESHOLD):
        breaker.failed(breaker.admit())
    assert breaker.opened == 1
    now = 2.0
    probe = breaker.admit()
    with pytest.raises(BreakerOpen, match="its probe is under way"):
        breaker.admit()
    breaker.abandoned(probe)
    breaker.failed(breaker.admit())
    assert breaker.opened == 2
    now = 4.0
    for _ in range(2):
        breaker.succeeded(breaker.admit())
    now = 2.0
    breaker.succeeded(breaker.admit())
    # What was asked before the breaker changed says nothing about the time after it.
    breaker.succeeded(probe)
    breaker.failed(probe)
    assert (breaker.state, breaker.refused) == ("closed", 1)


def test_the_dependency_knows_three_questions() -> None:
    assert json.loads(answer_to(b"ping\n")) == {"pong": True}
    assert json.loads(answer_to(b"price a%20b\n"))["item"] == "a b"
    assert "say ping" in json.loads(answer_to(b"price\n"))["error"]


def test_an_address_is_a_host_and_a_port_or_a_url() -> None:
    assert address_in({"DEPENDENCY_ADDRESS": "h:1"}) == Address("h", 1)
    assert address_in({"DEPENDENCY_URL": "tcp://[::1]:2"}) == Address("::1", 2)
    assert address_in({}) is None
    for wrong in ("h", "http://h:1", "h:99999", "tcp://h:1/x"):
        with pytest.raises(WrongAddress, match="write host:port"):
            address_in({"DEPENDENCY_URL": wrong})
