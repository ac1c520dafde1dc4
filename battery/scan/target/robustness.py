"""Robustness: what is oversized, slow or no HTTP at all gets an error answer, and the target lives on."""

import asyncio
import time

from battery.scan.target.answer import Answer, Outcome, Silence, in_words
from battery.scan.target.asked import Asked
from battery.scan.target.malformed import Malformed, malformed_requests
from battery.scan.target.notes import Notes, where
from battery.scan.target.slow_clients import besiege
from battery.scan.target.view import Scanner, View

_SLOW = "slow clients"
_MOMENTS, _PAUSE = 5.0, 0.2


async def look(view: View, notes: Notes) -> None:
    """Slow clients first, then one malformed request after the other, with a look at the health after each."""
    path = view.scope.path(view.paths()[0])
    requests = malformed_requests(path, view.scope.target.authority)
    notes.plan(_SLOW, *(request.name for request in requests))
    healthy = await view.client.ask(Asked(path=path))
    if isinstance(healthy, Silence) or healthy.status >= 500:
        notes.skip_rest(f"the target is not healthy to begin with: {in_words(healthy)}")
        return
    await _slow(view, notes, path, healthy)
    for request in requests:
        outcome = await view.client.raw(request.data, request.name)
        if isinstance(outcome, Silence) and outcome.why in ("scope", "budget"):
            notes.silent(request.name, outcome)
            continue
        notes.tried(request.name)
        _judge(notes, request, outcome, healthy)
        if not await _recovered(view, path, healthy):
            excerpt = f"after {request.name} it answers no more"
            notes.finding("target.robustness.crash", where(healthy), content=request.name, excerpt=excerpt)
            notes.skip_rest(f"the target stopped answering after {request.name}")
            return


async def _slow(view: View, notes: Notes, path: str, healthy: Answer) -> None:
    limits = view.request.limits
    siege = await besiege(view.client, path, limits.slow_connections, limits.slow_seconds)
    if not siege.opened:
        notes.skip(_SLOW, f"no connection could be opened: {siege.reason}")
        return
    notes.tried(_SLOW)
    held = siege.opened - siege.closed
    notes.facts["slow clients"] = (
        f"{siege.opened} opened, {held} still held after {limits.slow_seconds:.0f} s"
    )
    if siege.answered < siege.asked:
        excerpt = f"{siege.asked - siege.answered} of {siege.asked} others got no answer beside {siege.opened} slow clients"
        notes.finding("target.robustness.slow-clients", where(healthy), content="slow", excerpt=excerpt)
    await _recovered(view, path, healthy)


def _judge(notes: Notes, request: Malformed, outcome: Outcome, healthy: Answer) -> None:
    place = f"{where(healthy)} [{request.name}]"
    excerpt = f"{request.name}: {in_words(outcome)}"
    if isinstance(outcome, Silence):
        if outcome.why == "timeout":
            notes.finding("target.robustness.hangs", place, content=request.name, excerpt=excerpt)
        elif outcome.why not in ("protocol", "header-flood"):
            notes.finding("target.robustness.no-answer", place, content=request.name, excerpt=excerpt)
        return
    if outcome.status in (500, 502, 504):
        notes.finding("target.robustness.server-error", place, content=request.name, excerpt=excerpt)
    elif request.smuggles and 200 <= outcome.status < 300:
        notes.finding("target.robustness.smuggling", place, content=request.name, excerpt=excerpt)
    elif request.refuse and 200 <= outcome.status < 300:
        notes.finding("target.robustness.accepts-malformed", place, content=request.name, excerpt=excerpt)


async def _recovered(view: View, path: str, healthy: Answer) -> bool:
    """Whether the target answers as before, now or within a few moments."""
    until = time.monotonic() + min(view.request.limits.patience, _MOMENTS)
    while True:
        outcome = await view.client.ask(Asked(path=path))
        if isinstance(outcome, Answer) and (outcome.status == healthy.status or outcome.status < 500):
            return True
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(_PAUSE)


SCANNER = Scanner(
    name="robustness",
    look=look,
    canaries=(
        *("target.robustness.slow-clients", "target.robustness.server-error", "target.robustness.crash"),
        *(
            "target.robustness.smuggling",
            "target.robustness.accepts-malformed",
            "target.robustness.no-answer",
        ),
    ),
)
