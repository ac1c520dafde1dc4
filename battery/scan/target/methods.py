"""Methods: TRACE, WebDAV, and verbs that nobody ever defined."""

from battery.scan.target.answer import Answer, Outcome, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.notes import Notes, where
from battery.scan.target.view import Scanner, View

_MARK_NAME, _MARK = "X-Battery-Mark", "battery-mark-7d2c"
_INVENTED = "BATTERY"
_PROBES = ("TRACE", "TRACK", "PROPFIND", _INVENTED)


async def look(view: View, notes: Notes) -> None:
    """Try each on every known path. Nothing that could change data is sent."""
    for path in view.paths():
        usual = await view.get(path)
        for method in _PROBES:
            what = f"{method} {path}"
            notes.plan(what)
            outcome = await view.client.ask(
                Asked(method=method, path=view.scope.path(path), headers=((_MARK_NAME, _MARK),))
            )
            if isinstance(outcome, Answer):
                notes.tried(what)
                _judge(notes, method, outcome, usual)
            elif outcome.why in ("closed", "reset") and isinstance(usual, Answer):
                # Hanging up on a verb is a way of refusing it.
                notes.tried(what)
            else:
                notes.silent(what, outcome)


def _judge(notes: Notes, method: str, answer: Answer, usual: Outcome) -> None:
    if not 200 <= answer.status < 300:
        return
    place = where(answer, method)
    if method in ("TRACE", "TRACK"):
        if _MARK in answer.text():
            excerpt = f"status {answer.status}, the request's headers stand in the answer"
            notes.finding("target.methods.trace", place, content=method, excerpt=excerpt)
    elif method == "PROPFIND":
        if answer.status == 207:
            notes.finding("target.methods.webdav", place, content="207", excerpt="status 207 Multi-Status")
    elif not isinstance(usual, Silence) and usual.status == answer.status:
        excerpt = f"{method} is answered like GET: status {answer.status}"
        notes.finding("target.methods.any-verb", place, content=str(answer.status), excerpt=excerpt)


SCANNER = Scanner(
    name="methods",
    look=look,
    canaries=("target.methods.trace", "target.methods.webdav", "target.methods.any-verb"),
)
