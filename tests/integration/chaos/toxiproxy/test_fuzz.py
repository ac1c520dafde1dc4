"""Differential fuzz: random sequences of requests get the same answers from the embedded server and the original.

BATTERY_FUZZ_SEQUENCES=2000 runs so many; without it, as many as fit into some seconds.
"""

import contextlib
import os
import random
import time
from collections.abc import Callable

import pytest

from battery.chaos.toxiproxy.discovery import PROGRAM, Server
from tests.integration.chaos.toxiproxy.asking import Asker
from tests.integration.chaos.toxiproxy.sequences import Subject, difference, free_ports, sequence

SEED = 20261121
SECONDS = 15.0
LEAST = 20


@pytest.mark.real(PROGRAM)
def test_random_sequences_get_the_same_answers_from_both_servers(servers: Callable[[str], Server]) -> None:
    ports = free_ports(4, random.Random())
    with contextlib.ExitStack() as stack:
        askers = [
            stack.enter_context(contextlib.closing(Asker(servers(kind).url))) for kind in ("embedded", "real")
        ]
        one, other = Subject(askers[0], ports[:2]), Subject(askers[1], ports[2:])
        for subject in (one, other):
            stack.callback(subject.clear)
        wanted, began, done = int(os.environ.get("BATTERY_FUZZ_SEQUENCES", "0")), time.monotonic(), 0
        while done < max(wanted, LEAST) or (not wanted and time.monotonic() - began < SECONDS):
            found = difference(list(sequence(random.Random(SEED + done))), one, other)
            assert not found, f"seed {SEED + done}: {found}"
            done += 1
    print(f"{done} sequences")
