"""A burst: requests as fast as they go, until one is turned away."""

import asyncio
from collections.abc import Callable

from battery.model.frozen import Frozen
from battery.scan.target.answer import Answer, Outcome
from battery.scan.target.asked import Asked
from battery.scan.target.client import Client

_AT_ONCE = 8


class Onset(Frozen, frozen=True, kw_only=True):
    """How many requests went through before the first that did not, and that one; None when all did."""

    sent: int
    first: Outcome
    turned_away: Answer | None = None


async def burst(client: Client, asked: Asked, count: int, blocked: Callable[[Answer], bool]) -> Onset:
    """Send up to `count`, a few at once; stop at the first that is blocked or at the first silence."""
    first = await client.send(asked)
    if not isinstance(first, Answer) or blocked(first):
        return Onset(sent=1, first=first, turned_away=first if isinstance(first, Answer) else None)
    for sent in range(1, count, _AT_ONCE):
        outcomes = await asyncio.gather(*(client.send(asked) for _ in range(min(_AT_ONCE, count - sent))))
        turned_away = [outcome for outcome in outcomes if isinstance(outcome, Answer) and blocked(outcome)]
        if turned_away:
            # Answers of one batch come in any order; those that went through came before.
            through = len(outcomes) - len(turned_away)
            return Onset(sent=sent + through + 1, first=first, turned_away=turned_away[0])
        if not any(isinstance(outcome, Answer) for outcome in outcomes):
            return Onset(sent=sent + len(outcomes), first=outcomes[0])
    return Onset(sent=count, first=first)


async def recovers(
    client: Client, asked: Asked, wait: float, most: float, blocked: Callable[[Answer], bool]
) -> bool:
    """Whether the same request goes through again after the wait; asked again, slower and slower, until `most`."""
    waited, pause = wait, 0.5
    await asyncio.sleep(wait)
    while True:
        outcome = await client.send(asked)
        if isinstance(outcome, Answer) and not blocked(outcome):
            return True
        if waited + pause > most:
            return False
        await asyncio.sleep(pause)
        waited, pause = waited + pause, pause * 2
