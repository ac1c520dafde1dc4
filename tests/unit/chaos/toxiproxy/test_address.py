import asyncio
import ipaddress
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.plane.address import AddressProblem, listen, resolve, shown, split

HOSTS = st.ip_addresses().map(lambda address: address.compressed) | st.just("")


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(host=HOSTS, port=st.integers(0, 65535))
def test_an_address_that_is_shown_is_read_as_the_same(host: str, port: int) -> None:
    assert split(shown(host, port)) == (host, port)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(text=st.text(max_size=30))
def test_any_text_is_an_address_or_a_problem_that_names_it(text: str) -> None:
    try:
        _, port = split(text)
    except AddressProblem as wrong:
        problem, port = str(wrong), 0
    else:
        problem = ""
    assert 0 <= port <= 65535
    assert not problem or problem.startswith(("address ", "lookup tcp/"))


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("bad", "address bad: missing port in address"),
        ("a:b:c", "address a:b:c: too many colons in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1", "address [::1: missing ']' in address"),
        ("[::1]x:1", "address [::1]x:1: too many colons in address"),
        ("[::1]:1:2", "address [::1]:1:2: too many colons in address"),
        ("a]:1", "address a]:1: unexpected ']' in address"),
        ("a:-1", "address -1: invalid port"),
        ("a:65536", "address 65536: invalid port"),
        ("a:nope", "lookup tcp/nope: unknown port"),
    ],
)
def test_what_is_wrong_is_said_in_the_original_s_words(address: str, problem: str) -> None:
    with pytest.raises(AddressProblem) as wrong:
        split(address)
    assert str(wrong.value) == problem


def test_a_port_may_be_named_or_left_out() -> None:
    assert split("h:http") == ("h", 80)
    assert split("h:") == ("h", 0)
    assert split("") == ("", 0)


@pytest.mark.parametrize("host", ["a\0b", "a..b", "x" * 80])
def test_what_cannot_be_a_name_is_no_host(host: str) -> None:
    with pytest.raises(AddressProblem, match="no such host"):
        asyncio.run(resolve(f"{host}:1"))


def test_names_are_resolved_ipv4_first() -> None:
    assert asyncio.run(resolve("localhost:5")) == ("127.0.0.1", 5)
    assert asyncio.run(resolve(":5")) == ("", 5)
    assert asyncio.run(resolve("[0:0:0:0:0:0:0:1]:5")) == ("::1", 5)


def test_a_name_that_nobody_knows_is_a_problem() -> None:
    with pytest.raises(AddressProblem, match=r"^listen tcp: lookup a\.\.b: no such host$"):
        asyncio.run(listen("a..b:0"))


def test_a_taken_address_is_a_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(AddressProblem, match=f"^listen tcp {address}: bind: address already in use$"):
            asyncio.run(listen(address))


@pytest.mark.parametrize("address", ["", ":0", "0.0.0.0:0"])
def test_everywhere_is_every_family_where_the_machine_has_both(address: str) -> None:
    with asyncio.run(listen(address)) as listener:
        host = ipaddress.ip_address(listener.getsockname()[0])
        assert host.is_unspecified
        assert host.version == (6 if socket.has_dualstack_ipv6() else 4)
