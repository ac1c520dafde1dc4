"""Errors: what a target gives away when it is asked nonsense."""

from battery.model.frozen import Frozen
from battery.scan.target.answer import Answer
from battery.scan.target.asked import Asked
from battery.scan.target.excerpt import excerpt_of
from battery.scan.target.leak_signs import leaks_in, versions_in
from battery.scan.target.notes import Notes, where
from battery.scan.target.view import Scanner, View

_JSON = (("Content-Type", "application/json"),)


class Nonsense(Frozen, frozen=True, kw_only=True):
    """A harmless request that a service must refuse politely. `suffix` is added to the path."""

    name: str
    method: str = "GET"
    suffix: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


NONSENSE = (
    Nonsense(name="as it is"),
    Nonsense(name="unknown path", suffix="/battery-no-such-thing-5b1e"),
    Nonsense(name="quotes in the query", suffix="?id='%22%3E%3C&page=-1&limit=99999999999999999999"),
    Nonsense(name="broken escapes", suffix="?q=%ff%fe%00"),
    Nonsense(name="list for a value", suffix="?id[]=1&id[$ne]=1"),
    Nonsense(name="template in the query", suffix="?q=%7B%7B7*7%7D%7D${7*7}"),
    Nonsense(name="broken JSON", method="POST", headers=_JSON, body=b'{"a": '),
    Nonsense(name="deep JSON", method="POST", headers=_JSON, body=b"[" * 20_000),
    Nonsense(name="unknown type", method="POST", headers=(("Content-Type", "x/y;;="),), body=b"\xff\xfe"),
    Nonsense(name="broken cookie", headers=(("Cookie", 'session="; a=%ff; =b'),)),
    Nonsense(name="broken authorization", headers=(("Authorization", "Bearer ..."),)),
    Nonsense(name="unknown language", headers=(("Accept", "x/y"), ("Accept-Language", "%%"))),
)


async def look(view: View, notes: Notes) -> None:
    """Ask every known path for nonsense and read the refusals."""
    for path in view.paths():
        for nonsense in NONSENSE:
            what = f"{path}: {nonsense.name}"
            notes.plan(what)
            joined = path.rstrip("/") + nonsense.suffix if nonsense.suffix.startswith("/") else path
            if nonsense.suffix.startswith("?"):
                joined = path.partition("?")[0] + nonsense.suffix
            outcome = await view.client.ask(
                Asked(
                    method=nonsense.method,
                    path=view.scope.path(joined),
                    headers=nonsense.headers,
                    body=nonsense.body,
                )
            )
            if isinstance(outcome, Answer):
                notes.tried(what)
                _judge(notes, nonsense, path, outcome)
            elif outcome.why in ("closed", "reset") and nonsense.suffix + nonsense.method != "GET":
                # A refusal without words gives nothing away; robustness judges whether it is polite.
                notes.tried(what)
            else:
                notes.silent(what, outcome)


def _judge(notes: Notes, nonsense: Nonsense, path: str, answer: Answer) -> None:
    for leak in leaks_in(answer.text()):
        notes.finding(
            leak.rule,
            where(answer, nonsense.method),
            content=f"{path} {leak.what}",
            excerpt=excerpt_of(leak.text),
            detail=f"{leak.what}, after {nonsense.name}, status {answer.status}",
        )
    for leak in versions_in(answer.headers):
        # One product tells its version everywhere; once is enough.
        notes.finding(
            leak.rule,
            f"header {leak.what}",
            content=leak.text,
            excerpt=excerpt_of(f"{leak.what}: {leak.text}"),
        )


SCANNER = Scanner(
    name="errors",
    look=look,
    canaries=("target.errors.stack-trace", "target.errors.debug-page", "target.errors.version"),
)
