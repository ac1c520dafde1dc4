"""Headers and cookies: what a browser is told, with the Observatory's grade as a fact."""

import re
from collections.abc import Iterator

from msgspec import structs

from battery.scan.target.answer import Silence
from battery.scan.target.notes import Notes, where
from battery.scan.target.observatory.cookie import Cookie
from battery.scan.target.observatory.cookies import defects_of
from battery.scan.target.observatory.observation import Observation
from battery.scan.target.observatory.report import JUDGED_STATUS, Report, report_on
from battery.scan.target.observatory.transport import hsts_passes
from battery.scan.target.observing import observe
from battery.scan.target.view import Scanner, View

# Results that concern every answer, and those that only a rendered page gives any meaning.
_EVERYWHERE = {
    "x-content-type-options-not-implemented": "target.headers.nosniff",
    "x-content-type-options-header-invalid": "target.headers.nosniff",
    "corp-header-invalid": "target.headers.resource-policy",
    "redirection-missing": "target.headers.no-https-redirect",
    "redirection-not-to-https": "target.headers.no-https-redirect",
    "redirection-not-to-https-on-initial-redirection": "target.headers.no-https-redirect",
    "redirection-off-host-from-http": "target.headers.no-https-redirect",
}
_PAGES = {
    "csp-not-implemented": "target.headers.csp-missing",
    "csp-not-implemented-but-reporting-enabled": "target.headers.csp-missing",
    "csp-header-invalid": "target.headers.csp-missing",
    "csp-implemented-with-unsafe-inline": "target.headers.csp-weak",
    "csp-implemented-with-unsafe-eval": "target.headers.csp-weak",
    "csp-implemented-with-insecure-scheme": "target.headers.csp-weak",
    "csp-implemented-with-insecure-scheme-in-passive-content-only": "target.headers.csp-weak",
    "x-frame-options-not-implemented": "target.headers.framing",
    "x-frame-options-header-invalid": "target.headers.framing",
    "x-frame-options-allow-from-origin": "target.headers.framing",  # browsers ignore it: the page may be framed by anyone
    "referrer-policy-unsafe": "target.headers.referrer",
    "referrer-policy-header-invalid": "target.headers.referrer",
    "sri-not-implemented-but-external-scripts-loaded-securely": "target.headers.script-integrity",
    "sri-implemented-but-external-scripts-not-loaded-securely": "target.headers.script-insecure",
    "sri-not-implemented-and-external-scripts-not-loaded-securely": "target.headers.script-insecure",
}
_NO_SESSION = re.compile(r"(?i)(?:as|pos|ob)sess")
_SESSION_ID = re.compile(r"(?i)(?:^|[._-])sid$")
_COOKIES = {
    "cookies-without-secure-flag": "target.cookies.secure",
    "cookies-without-secure-flag-but-protected-by-hsts": "target.cookies.secure",
    "cookies-session-without-secure-flag": "target.cookies.session-secure",
    "cookies-session-without-secure-flag-but-protected-by-hsts": "target.cookies.session-secure",
    "cookies-session-without-httponly-flag": "target.cookies.session-httponly",
    "cookies-samesite-flag-invalid": "target.cookies.samesite",
    "cookies-anticsrf-without-samesite-flag": "target.cookies.samesite",
}


async def look(view: View, notes: Notes) -> None:
    """Judge every known path; the first that the Observatory would accept gives the grade."""
    paths = view.paths()
    notes.plan(*paths)
    for path in paths:
        seen = await observe(view.client, view.scope.path(path), view.request.preload)
        if isinstance(seen, Silence):
            notes.silent(path, seen)
            continue
        answer = seen.observation.answer
        if answer.status == 429 or answer.status >= 500:
            notes.skip(path, f"answered {answer.status}: these are not its usual headers")
            continue
        report = report_on(seen.observation)
        if "grade" not in notes.facts and answer.status in JUDGED_STATUS:
            _grade(notes, report, path, off_scope=seen.off_scope)
        _findings(notes, seen.observation, report)
        if seen.off_scope:
            place = seen.off_scope.partition("?")[0]
            notes.finding("target.redirect.off-scope", where(answer), content=place, excerpt=f"to {place}")
        notes.tried(path)
    if "grade" not in notes.facts:
        notes.facts["grade"] = "none: no path answered with 2xx, 3xx, 401 or 403"


def _grade(notes: Notes, report: Report, path: str, *, off_scope: str) -> None:
    notes.facts["grade"] = f"{report.grade} ({report.score})"
    notes.facts["graded"] = path
    if off_scope:
        notes.facts["grade limits"] = "the path redirects out of scope; the redirect itself was judged"
    for test, result in report.results.items():
        notes.facts[test] = result


def _findings(notes: Notes, seen: Observation, report: Report) -> None:
    rules = {**_EVERYWHERE, **(_PAGES if seen.answer.is_html else {})}
    for test, result in report.results.items():
        if test == "redirection" and seen.secure is None:
            # There is no https to redirect to; the tls scanner speaks of that.
            continue
        if rule := rules.get(result):
            shown = seen.answer.header(test) or "absent"
            excerpt = f"{test}: {shown}" if test != "redirection" else " -> ".join(_route(seen))
            notes.finding(rule, where(seen.answer), content=result, excerpt=excerpt, detail=_words(result))
    protected = hsts_passes(report.results["strict-transport-security"])
    for rule, name, flaw in _cookie_flaws(seen, protected=protected):
        place = f"{where(seen.answer)} cookie {name}"
        notes.finding(
            rule, place, content=f"{name} {flaw}", excerpt=f"Set-Cookie: {name}=…", detail=_words(flaw)
        )


def _cookie_flaws(seen: Observation, *, protected: bool) -> Iterator[tuple[str, str, str]]:
    """Each flaw of each cookie once; the value is never shown. An empty cookie, as a log-out sets it, has none."""
    for cookie in seen.cookies:
        judged = _by_words(cookie)
        for flaw in defects_of(judged, hsts=protected) if cookie.value else ():
            # A session's missing flag says more than the same flag missing on any cookie.
            if _COOKIES[flaw] == "target.cookies.secure" and judged.is_session:
                continue
            yield _COOKIES[flaw], cookie.name, flaw


def _by_words(cookie: Cookie) -> Cookie:
    """The cookie under a name that the Observatory reads as meant: `assessment` is no session, and `connect.sid` is one."""
    name = _NO_SESSION.sub("", cookie.name) + ("-session" if _SESSION_ID.search(cookie.name) else "")
    return structs.replace(cookie, name=name)


def _route(seen: Observation) -> tuple[str, ...]:
    return tuple(url.partition("?")[0] for url in seen.plain.route) if seen.plain else ()


def _words(result: str) -> str:
    return result.replace("-", " ")


SCANNER = Scanner(
    name="headers",
    look=look,
    canaries=(
        *("target.headers.nosniff", "target.headers.csp-missing", "target.headers.csp-weak"),
        *("target.headers.framing", "target.headers.script-insecure", "target.headers.script-integrity"),
        *("target.headers.referrer", "target.headers.resource-policy", "target.redirect.off-scope"),
        *("target.cookies.secure", "target.cookies.session-secure", "target.cookies.session-httponly"),
        "target.cookies.samesite",
    ),
)
