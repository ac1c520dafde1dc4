"""Observing: a page fetched as the Observatory fetches it, without ever leaving the scope."""

from urllib.parse import urlsplit

from battery.model.frozen import Frozen
from battery.scan.target.answer import Answer, Outcome, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.client import Client
from battery.scan.target.observatory.cookie import Jar
from battery.scan.target.observatory.observation import Observation, Reached
from battery.scan.target.observatory.page import Page, page_of
from battery.scan.target.scope import Origin, Scope

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 10
_ACCEPT = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
_FOREIGN = "https://elsewhere.hardening-battery.example"


class Walk(Frozen, frozen=True, kw_only=True):
    """Where a request ended: the last outcome, the way there, and where the guard stopped it."""

    outcome: Outcome
    route: tuple[str, ...]
    last: tuple[Origin, str]
    off_scope: str = ""
    verified: bool = True


class Observed(Frozen, frozen=True, kw_only=True):
    """What was seen, and where a redirect leads out of scope."""

    observation: Observation
    off_scope: str = ""


async def observe(client: Client, path: str, preload: dict[str, bool]) -> Observed | Silence:
    """Fetch a path over every scheme that was named, the certificate trusted where it can be."""
    jars: dict[str, Jar] = {}
    reached: dict[str, Reached] = {}
    silences: dict[str, Silence] = {}
    walks: dict[str, Walk] = {}
    for origin in client.scope.origins:
        jars[origin.scheme] = Jar()
        walk = walks[origin.scheme] = await _reach(client, origin, path, jars[origin.scheme])
        if isinstance(walk.outcome, Answer):
            reached[origin.scheme] = Reached(answer=walk.outcome, route=walk.route, verified=walk.verified)
        else:
            silences[origin.scheme] = walk.outcome
    scheme = "https" if "https" in reached else "http"
    if scheme not in reached:
        return silences[client.scope.target.scheme]
    last = walks[scheme].last
    preflight = await _preflight(client, *last)
    host = client.scope.target.host
    if not reached[scheme].verified:
        # Only here does the Observatory keep what side requests set.
        await _side_cookies(client, scheme, jars[scheme], preflight)
    answer = reached[scheme].answer
    observation = Observation(
        hostname=host,
        https=scheme == "https",
        answer=answer,
        page=page_of(answer.text()) if answer.is_html else Page(),
        plain=reached.get("http"),
        secure=reached.get("https"),
        cookies=jars[scheme].cookies(),
        preflight=preflight,
        origin=_FOREIGN,
        preload=preload,
    )
    return Observed(observation=observation, off_scope=walks[scheme].off_scope)


async def _reach(client: Client, origin: Origin, path: str, jar: Jar) -> Walk:
    """Walk with trust, and where that fails, without."""
    walk = await _walk(client, origin, path, jar, verify=True)
    if isinstance(walk.outcome, Silence) and walk.outcome.why == "certificate":
        walk = await _walk(client, origin, path, jar, verify=False)
    return walk


async def _walk(client: Client, origin: Origin, path: str, jar: Jar, *, verify: bool) -> Walk:
    """Follow redirects inside the scope, one by one, each through the guard."""
    route: list[str] = []
    at, target, off_scope = origin, path, ""
    while True:
        url = at.url + target
        cookies = jar.header()
        headers = (_ACCEPT, *((("Cookie", cookies),) if cookies else ()))
        outcome = await client.ask(Asked(path=target, origin=at, headers=headers, verify=verify))
        route.append(url)
        following = None
        if isinstance(outcome, Answer):
            jar.take(outcome.all("set-cookie"), at.host, target)
            following, off_scope = _next(client.scope, outcome, url, len(route))
        if following is None:
            ways = (*route, off_scope) if off_scope else tuple(route)
            return Walk(outcome=outcome, route=ways, last=(at, target), off_scope=off_scope, verified=verify)
        at, target = following


def _next(scope: Scope, answer: Answer, url: str, hops: int) -> tuple[tuple[Origin, str] | None, str]:
    """Where the answer redirects to inside the scope; or the URL outside of it."""
    location = answer.header("location")
    if answer.status not in _REDIRECTS or location is None or hops > _MOST_REDIRECTS:
        return None, ""
    origin, led = scope.follow(url, location)
    if origin is None:
        return None, led
    parts = urlsplit(led)
    return (origin, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")), ""


async def _preflight(client: Client, origin: Origin, path: str) -> Answer | None:
    """Ask whether a page from elsewhere may read this one."""
    headers = (_ACCEPT, ("Access-Control-Request-Method", "GET"), ("Origin", _FOREIGN))
    outcome = await client.ask(Asked(method="OPTIONS", path=path, origin=origin, headers=headers))
    return outcome if isinstance(outcome, Answer) else None


async def _side_cookies(client: Client, scheme: str, jar: Jar, preflight: Answer | None) -> None:
    origin = client.scope.speaking(scheme)
    if client.scope.prefix == "":
        robots = await client.ask(Asked(path="/robots.txt", origin=origin))
        if isinstance(robots, Answer):
            jar.take(robots.all("set-cookie"), client.scope.target.host, "/robots.txt")
    if preflight is not None:
        jar.take(preflight.all("set-cookie"), client.scope.target.host, "/")
