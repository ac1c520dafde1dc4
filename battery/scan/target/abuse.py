"""Abuse: failed logins in a row must be stopped, and the stop must end."""

from collections.abc import Callable

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.burst import burst, recovers
from battery.scan.target.notes import Notes, where
from battery.scan.target.pace import retry_after
from battery.scan.target.view import Scanner, View

_BLOCKS, _RECOVERS = "blocking", "recovery"
_FAILED = (400, 401, 403, 422)


async def look(view: View, notes: Notes) -> None:
    """Fail to log in until the target stops it."""
    probe = view.request.login
    if probe is None:
        _none(view, notes)
        return
    notes.plan(_BLOCKS, _RECOVERS)
    limits = view.request.limits
    asked = Asked(
        method=probe.method.upper(),
        path=view.scope.path(probe.path),
        headers=tuple(probe.headers.items()),
        body=probe.body.encode() or None,
        anonymous=True,
        hasty=True,
    )
    first = await view.client.send(asked)
    if isinstance(first, Silence):
        notes.skip_rest(first.reason)
        return
    if first.status not in _FAILED:
        notes.skip_rest(f"the login that must fail got status {first.status}; expected one of {_FAILED}")
        return
    blocked = _differs_from(first)
    onset = await burst(view.client, asked, limits.attempts, blocked)
    notes.tried(_BLOCKS)
    if onset.turned_away is None:
        notes.facts["onset"] = f"none within {onset.sent + 1} failed logins"
        excerpt = f"{onset.sent + 1} failed logins in a row, each answered with {first.status}"
        notes.finding(
            "target.abuse.no-lockout", where(first, asked.method), content=asked.path, excerpt=excerpt
        )
        notes.skip(_RECOVERS, "nothing was blocked", harmless=True)
        return
    notes.facts["onset"] = f"failed login {onset.sent + 1}"
    await _recovery(view, notes, asked, onset.turned_away, blocked)


def _none(view: View, notes: Notes) -> None:
    what = "failed logins"
    if view.request.public:
        notes.not_applicable(what, "the target is declared public: there is no login")
        return
    notes.plan(what)
    notes.skip(what, "no login that must fail is named; name one, or declare the target public")


def _differs_from(first: Answer) -> Callable[[Answer], bool]:
    """Blocking is an answer that an ordinary failed login does not get."""

    def blocked(answer: Answer) -> bool:
        return answer.status != first.status and answer.status in (401, 403, 423, 429, 503)

    return blocked


async def _recovery(
    view: View, notes: Notes, asked: Asked, answer: Answer, blocked: Callable[[Answer], bool]
) -> None:
    patience = view.request.limits.patience
    wait = retry_after(answer.header("retry-after")) or 0.0
    if wait > patience:
        reason = f"Retry-After asks for {wait:.0f} s, and the patience of this scan is {patience:.0f} s"
        notes.skip(_RECOVERS, reason, harmless=True)
        return
    notes.tried(_RECOVERS)
    if not await recovers(view.client, asked, wait, patience, blocked):
        place = where(answer, asked.method)
        excerpt = f"still blocked after {patience:.0f} s"
        notes.finding("target.abuse.no-recovery", place, content="recovery", excerpt=excerpt)


SCANNER = Scanner(name="abuse", look=look, canaries=("target.abuse.no-lockout",))
