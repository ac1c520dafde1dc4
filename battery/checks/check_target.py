"""The target: does it answer, and is it the same one at the end as at the beginning?"""

from collections.abc import Callable

import httpx
import pytest

from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.readiness.identity import read_identity
from battery.recording import Record

pytestmark = [
    pytest.mark.instrument("target"),
    pytest.mark.measures("target.reachable"),
    pytest.mark.limit("30 s"),
]


@pytest.mark.gate("G6")
@pytest.mark.order("first")
def check_before(http: httpx.Client, target: Definition, record: Record) -> None:
    """The target answers, and says what it is, before the run."""
    _look(http, target, record, "before")


@pytest.mark.gate("G2", "G3", "G4", "G5", "G6")
@pytest.mark.order("last")
def check_after(
    http: httpx.Client, target: Definition, record: Record, earlier: Callable[[str], Evidence | None]
) -> None:
    """The target answers, and is still the same, after the run."""
    identity = _look(http, target, record, "after")
    if target.target.identity is None:
        record.fact("identity", "not proven: battery.toml names no [target.identity]")
        return
    before = earlier("target.before")
    first = before.facts.get("identity.before", "") if before else ""
    same = bool(first) and first == identity
    record.proof("identity unchanged", same, f'before "{first}", after "{identity}"')


def _look(http: httpx.Client, target: Definition, record: Record, when: str) -> str:
    """Record whether the live path answers and what the target says it is; an unreachable target is a measurement."""
    live = target.target.live
    try:
        with http.stream("GET", live or "/") as answer:
            status = answer.status_code
        identity = read_identity(http, target.target.identity)
    except httpx.RequestError as error:
        record.measure("target.reachable", 0, n=1, note=f"{type(error).__name__}: {error}")
        return ""
    # Without a live path any answer shows life, but a server's own error.
    is_alive = httpx.codes.is_success(status) if live else not httpx.codes.is_server_error(status)
    record.measure("target.reachable", is_alive, n=1, note=f"HTTP {status}")
    if identity:
        record.fact(f"identity.{when}", identity)
    return identity
