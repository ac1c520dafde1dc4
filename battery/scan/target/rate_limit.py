"""Rate limit: when 429 sets in, whether it says for how long, whether it ends, and whom it strikes."""

import email.utils

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.burst import burst, recovers
from battery.scan.target.notes import Notes, where
from battery.scan.target.pace import retry_after
from battery.scan.target.view import Scanner, View

_ONSET, _SAYS, _RECOVERS, _OTHERS = "onset", "Retry-After", "recovery", "another client"
# Any address of this machine but the one that everybody uses.
_OTHER_ADDRESS = "127.0.0.2"


async def look(view: View, notes: Notes) -> None:
    """Knock until turned away, then look at the door."""
    notes.plan(_ONSET, _SAYS, _RECOVERS, _OTHERS)
    limits = view.request.limits
    asked = Asked(path=view.scope.path(view.paths()[0]), hasty=True, anonymous=True)
    onset = await burst(view.client, asked, limits.burst, limited)
    if isinstance(onset.first, Silence):
        notes.skip_rest(onset.first.reason)
        return
    notes.tried(_ONSET)
    if onset.turned_away is None:
        notes.facts["onset"] = f"none within {onset.sent} requests"
        excerpt = f"{onset.sent} requests in a burst, none answered with 429"
        notes.finding("target.rate-limit.absent", where(onset.first), content=asked.path, excerpt=excerpt)
        for what in (_SAYS, _RECOVERS, _OTHERS):
            notes.skip(what, "there is no rate limit to look at", harmless=True)
        return
    notes.facts["onset"] = f"request {onset.sent}"
    await _others(view, notes, asked)
    wait = _says(notes, onset.turned_away)
    await _recovery(view, notes, asked, wait, onset.turned_away)


def limited(answer: Answer) -> bool:
    """Whether the answer means 'too many requests'."""
    return answer.status == 429 or (answer.status == 503 and answer.header("retry-after") is not None)


def _says(notes: Notes, answer: Answer) -> float | None:
    """The wait that the target asks for, in seconds."""
    notes.tried(_SAYS)
    value = answer.header("retry-after")
    seconds = retry_after(value)
    if seconds is None and not (value and _is_date(value)):
        excerpt = f"status {answer.status}, Retry-After: {value or 'absent'}"
        notes.finding(
            "target.rate-limit.no-retry-after", where(answer), content=value or "absent", excerpt=excerpt
        )
    return seconds


def _is_date(value: str) -> bool:
    try:
        return email.utils.parsedate_to_datetime(value) is not None
    except ValueError:
        return False


async def _others(view: View, notes: Notes, asked: Asked) -> None:
    """Ask from another own address while the first is turned away."""
    origin = view.scope.target
    if not origin.is_loopback or ":" in origin.host:
        notes.skip(_OTHERS, "from here the target sees one address only", harmless=True)
        return
    outcome = await view.client.send(
        Asked(path=asked.path, hasty=True, anonymous=True, source=_OTHER_ADDRESS)
    )
    if isinstance(outcome, Silence):
        notes.skip(_OTHERS, f"asking from {_OTHER_ADDRESS}: {outcome.reason}", harmless=True)
        return
    notes.tried(_OTHERS)
    if limited(outcome):
        excerpt = f"a client at {_OTHER_ADDRESS} gets {outcome.status} for what the first one did"
        notes.finding("target.rate-limit.punishes-others", where(outcome), content="other", excerpt=excerpt)


async def _recovery(view: View, notes: Notes, asked: Asked, wait: float | None, answer: Answer) -> None:
    patience = view.request.limits.patience
    if wait is not None and wait > patience:
        reason = f"Retry-After asks for {wait:.0f} s, and the patience of this scan is {patience:.0f} s"
        notes.skip(_RECOVERS, reason, harmless=True)
        return
    notes.tried(_RECOVERS)
    if not await recovers(view.client, asked, wait or 0.0, patience, limited):
        excerpt = f"still turned away after {patience:.0f} s" + (
            f", not {wait:.0f} s as it said" if wait else ""
        )
        notes.finding("target.rate-limit.no-recovery", where(answer), content="recovery", excerpt=excerpt)


SCANNER = Scanner(name="rate_limit", look=look, canaries=("target.rate-limit.absent",))
