"""Greetings: hellos of the TLS scanner are read as it wrote them, and answered as the script says."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.assess.target.greetings import SOUND_CIPHERS, Hello, Offer, hello_of, said_to
from battery.scan.target.tls_hello import VERSIONS, client_hello, server_hello

CIPHERS = st.lists(st.integers(1, 0xFFFF), min_size=1, max_size=40)


@given(st.sampled_from(sorted(VERSIONS)), CIPHERS, st.sampled_from(("", "service.example")), st.integers())
def test_a_hello_of_the_scanner_is_read_as_it_was_meant(
    version: int, ciphers: list[int], host: str, seed: int
) -> None:
    hello = hello_of(client_hello(version, ciphers, host, Random(seed)))
    assert hello == Hello(versions=(version,), ciphers=tuple(ciphers))


@given(
    st.sampled_from(sorted(VERSIONS)),
    CIPHERS,
    st.sets(st.sampled_from(sorted(VERSIONS))),
    st.sets(st.integers(1, 0xFFFF)),
)
def test_what_is_offered_is_chosen_and_nothing_else(
    version: int, ciphers: list[int], versions: set[int], accepted: set[int]
) -> None:
    offer = Offer(versions=frozenset(versions), ciphers=frozenset(accepted))
    chosen = server_hello(said_to(Hello(versions=(version,), ciphers=tuple(ciphers)), offer))
    if version in versions and accepted & set(ciphers):
        assert chosen is not None
        assert chosen.version == version
        assert chosen.cipher in accepted & set(ciphers)
    else:
        assert chosen is None


@pytest.mark.parametrize(("offer", "said"), [(Offer(), 7), (Offer(hangs_up=True), 0)])
def test_what_is_not_offered_is_refused_or_hung_up_on(offer: Offer, said: int) -> None:
    assert len(said_to(Hello(versions=(0x0301,), ciphers=(0x002F,)), offer)) == said


def test_an_upward_answer_names_the_newer_version() -> None:
    hello = Hello(versions=(0x0301,), ciphers=tuple(SOUND_CIPHERS))
    chosen = server_hello(said_to(hello, Offer(upward=True)))
    assert chosen is not None
    assert chosen.version == 0x0303
