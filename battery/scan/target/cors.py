"""CORS: which foreign pages may read answers, and whether with the visitor's credentials."""

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.notes import Notes, where
from battery.scan.target.view import Scanner, View

_CREDENTIALED = {
    "foreign": "target.cors.reflected-with-credentials",
    "null": "target.cors.null-with-credentials",
    "lookalike": "target.cors.lookalike-with-credentials",
    "subdomain": "target.cors.subdomain-with-credentials",
    "downgrade": "target.cors.plaintext-with-credentials",
}


def origins(host: str, scheme: str) -> tuple[tuple[str, str], ...]:
    """Origins that an own page never has, by what they try."""
    tried = [
        ("foreign", "https://foreign.hardening-battery.example"),
        ("null", "null"),
        ("lookalike", f"https://{host}.hardening-battery.example"),
        ("lookalike", f"https://hardening-battery-{host}"),
        ("subdomain", f"https://unknown-name.{host}"),
    ]
    if scheme == "https":
        tried.append(("downgrade", f"http://{host}"))
    return tuple(tried)


async def look(view: View, notes: Notes) -> None:
    """Ask every known path as pages from elsewhere would: plainly and with a preflight."""
    target = view.scope.target
    for path in view.paths():
        for kind, origin in origins(target.host, target.scheme):
            for method in ("GET", "OPTIONS"):
                what = f"{method} {path} from {origin}"
                notes.plan(what)
                headers = [("Origin", origin)]
                if method == "OPTIONS":
                    headers.append(("Access-Control-Request-Method", "GET"))
                outcome = await view.client.ask(
                    Asked(method=method, path=view.scope.path(path), headers=tuple(headers))
                )
                if isinstance(outcome, Silence):
                    notes.silent(what, outcome)
                else:
                    notes.tried(what)
                    _judge(notes, outcome, kind, origin)


def _judge(notes: Notes, answer: Answer, kind: str, origin: str) -> None:
    allowed = (answer.header("access-control-allow-origin") or "").strip()
    credentials = (answer.header("access-control-allow-credentials") or "").strip().lower() == "true"
    if not allowed:
        return
    excerpt = f"Origin: {origin} gets Access-Control-Allow-Origin: {allowed}"
    place = where(answer, "GET")
    if credentials:
        excerpt += ", Access-Control-Allow-Credentials: true"
    if allowed == "*" and credentials:
        notes.finding("target.cors.wildcard-with-credentials", place, content="* true", excerpt=excerpt)
    elif allowed == "*":
        notes.finding("target.cors.wildcard", place, content="*", excerpt=excerpt)
    elif allowed == origin and credentials:
        notes.finding(_CREDENTIALED[kind], place, content=f"{kind} true", excerpt=excerpt)
    elif allowed == origin and kind == "foreign":
        notes.finding("target.cors.reflected", place, content=kind, excerpt=excerpt)


SCANNER = Scanner(
    name="cors",
    look=look,
    canaries=(
        *_CREDENTIALED.values(),
        "target.cors.wildcard-with-credentials",
        "target.cors.wildcard",
        "target.cors.reflected",
    ),
    over_tls=True,
)
