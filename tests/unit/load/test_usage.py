"""The generator's share of a core, its memory and its descriptors."""

import resource
from collections.abc import Iterator
from time import process_time

import pytest

from battery.load.generator.usage import (
    CpuMeter,
    TooFewDescriptors,
    raise_descriptor_limit,
    resident_bytes,
)


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    """The limit is this process's own: put it back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_work_is_seen_even_in_a_short_window() -> None:
    meter = CpuMeter()
    end = process_time() + 0.1
    while process_time() < end:
        pass
    share = meter.read()
    assert share.cpu > 0.05
    assert share.starved >= 0.0
    assert meter.read().cpu > 0.05, "a window too short to measure is joined with the one before"


def test_memory_is_that_of_a_python_process() -> None:
    assert 5_000_000 < resident_bytes() < 5_000_000_000


def test_the_limit_is_raised_as_far_as_needed_and_never_lowered() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    raise_descriptor_limit(250)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 250
    raise_descriptor_limit(100)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 250


def test_more_than_the_system_allows_is_an_error_that_says_what_to_do() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        pytest.skip("the system allows any number")
    with pytest.raises(TooFewDescriptors, match=f"the system allows {hard}; raise the limit"):
        raise_descriptor_limit(hard + 1)
