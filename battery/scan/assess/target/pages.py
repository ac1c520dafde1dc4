"""Sites for the scanner of headers and cookies: pages whose defences are missing, and pages that only look so."""

from random import Random

from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.target.probe import Options, Probe, probes_of, target_exam
from battery.scan.assess.target.site import HTML, Make, Said, Site, at, with_headers
from battery.scan.assess.words import Words

_POLICY, _FRAMES = "Content-Security-Policy", "X-Frame-Options"


def _page(*headers: tuple[str, str], body: str = "<p>«text»") -> tuple[str, Make]:
    shown = "; ".join(f"{name}: {value}" for name, value in headers) or "no header"
    return (
        f"page, {shown}, {body}" if body != "<p>«text»" else f"page, {shown}",
        lambda words: with_headers(
            *headers, kind=HTML, body=body.replace("«text»", words.text()).replace("«host»", words.host())
        ),
    )


def _json(*headers: tuple[str, str]) -> tuple[str, Make]:
    return f"JSON, {headers}", lambda _: with_headers(*headers)


def _each(name: str, *values: str) -> Options:
    return tuple(_page((name, value)) for value in values)


def _script(*tags: str) -> Options:
    return tuple(_page(body=tag) for tag in tags)


def _cookie(*cookies: str) -> Options:
    return tuple((f"cookie {cookie}", _setting(cookie)) for cookie in cookies)


def _setting(cookie: str) -> Make:
    return lambda words: with_headers(("Set-Cookie", cookie.replace("«it»", words.secret())))


def _leading_away(status: int) -> tuple[str, Make]:
    def make(words: Words) -> Site:
        return at("/", Said(status, (("Location", f"https://{words.host()}/"),)))

    return f"redirect {status}", make


_SAFE_COOKIE = "; Path=/; Secure; HttpOnly; SameSite=Lax"
RULES: dict[str, tuple[Options, Options]] = {
    "target.headers.nosniff": (
        (_json(), _page(), *_each("X-Content-Type-Options", "sniff", "no-sniff")),
        _each("X-Content-Type-Options", "nosniff", "NOSNIFF", " nosniff "),
    ),
    "target.headers.csp-missing": (
        (_page(), _page((_POLICY + "-Report-Only", "default-src 'self'")), *_each(_POLICY, "x", "none")),
        (
            *_each(_POLICY, "default-src 'self'", "script-src 'self'; object-src 'none'"),
            _page(body="<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\"><p>«text»"),
            _json(),
        ),
    ),
    "target.headers.csp-weak": (
        _each(
            _POLICY,
            "default-src 'self' 'unsafe-inline'",
            "default-src *",
            "script-src 'self' 'unsafe-eval'; object-src 'none'",
            "script-src https:; object-src 'none'",
            "default-src 'self' data:",
        ),
        _each(
            _POLICY,
            "default-src 'self'",
            "default-src 'self'; script-src 'nonce-q1w2e3' 'unsafe-inline'; object-src 'none'",
            "script-src 'strict-dynamic' 'nonce-q1w2e3' https: 'unsafe-inline'; object-src 'none'",
            "default-src 'self'; style-src 'self' 'unsafe-inline'",
            "default-src 'none'; img-src https:",
        ),
    ),
    "target.headers.framing": (
        (_page(), *_each(_FRAMES, "ALLOWALL", "nonsense", "ALLOW-FROM https://partner.example")),
        (*_each(_FRAMES, "DENY", "sameorigin"), _page((_POLICY, "frame-ancestors 'none'")), _json()),
    ),
    "target.headers.referrer": (
        _each(
            "Referrer-Policy",
            "unsafe-url",
            "no-referrer-when-downgrade",
            "nonsense",
            "origin-when-cross-origin",
        ),
        (
            *_each(
                "Referrer-Policy", "no-referrer", "same-origin", "unsafe-url, strict-origin-when-cross-origin"
            ),
            _page(),
            _json(("Referrer-Policy", "unsafe-url")),
        ),
    ),
    "target.headers.resource-policy": (
        _each("Cross-Origin-Resource-Policy", "all", "anyone", "same"),
        (*_each("Cross-Origin-Resource-Policy", "same-origin", "same-site", "Cross-Origin"), _page()),
    ),
    "target.headers.script-insecure": (
        _script(
            '<script src="http://«host»/a.js"></script>',
            '<script src="http://«host»/a.js" integrity="sha256-x"></script>',
            "<p>«text»<SCRIPT SRC=http://«host»/b.js></SCRIPT>",
        ),
        _script(
            '<script src="https://«host»/a.js" integrity="sha256-x"></script>',
            '<script src="/a.js"></script>',
            '<!-- <script src="http://«host»/a.js"></script> -->',
            '<a href="http://«host»/a.js">«text»</a>',
            "<title><script src=http://«host»/a.js></title>",
        ),
    ),
    "target.headers.script-integrity": (
        _script(
            '<script src="https://«host»/a.js"></script>',
            '<p>«text»<script async src="https://«host»/b.js"></script>',
        ),
        _script(
            '<script src="https://«host»/a.js" integrity="sha384-x" crossorigin></script>',
            '<script src="/a.js"></script>',
            "<script>1</script>",
            '<!-- <script src="https://«host»/a.js"></script> -->',
        ),
    ),
    "target.cookies.secure": (
        _cookie("theme=«it»; HttpOnly; SameSite=Lax", "language=«it»", "cart=«it»; Path=/; SameSite=Strict"),
        _cookie(
            "theme=«it»" + _SAFE_COOKIE,
            "__Host-cart=«it»" + _SAFE_COOKIE,
            "language=«it»; secure",
            "theme=; Max-Age=0",
        ),
    ),
    "target.cookies.session-secure": (
        _cookie(
            "sessionid=«it»; HttpOnly",
            "PHPSESSID=«it»; Path=/",
            "login=«it»; HttpOnly; SameSite=Lax",
            "connect.sid=«it»",
        ),
        _cookie(
            "sessionid=«it»" + _SAFE_COOKIE,
            "theme=«it»",
            "__Host-session=«it»" + _SAFE_COOKIE,
            "assessment_banner=seen",
            "possession=«it»",
        ),
    ),
    "target.cookies.session-httponly": (
        _cookie(
            "sessionid=«it»; Secure", "JSESSIONID=«it»; Secure; SameSite=Lax", "login_token=«it»; Secure"
        ),
        _cookie(
            "sessionid=«it»" + _SAFE_COOKIE,
            "csrftoken=«it»; Secure; SameSite=Lax",
            "assessments=«it»; Secure",
        ),
    ),
    "target.cookies.samesite": (
        _cookie("csrftoken=«it»; Secure; HttpOnly", "theme=«it»; SameSite=None", "XSRF-csrf=«it»; Secure"),
        _cookie(
            "csrftoken=«it»; Secure; SameSite=Strict",
            "theme=«it»; Secure",
            "theme=«it»; Secure; SameSite=None",
            "language=«it»; SameSite=Lax",
        ),
    ),
    "target.redirect.off-scope": (
        tuple(_leading_away(status) for status in (301, 302, 307, 308)),
        (
            ("redirect inside", lambda words: _inside(f"/{words.word()}")),
            (
                "a link elsewhere",
                lambda words: with_headers(kind=HTML, body=f'<a href="https://{words.host()}/">there</a>'),
            ),
            (
                "Location without a redirect",
                lambda words: with_headers(("Location", f"https://{words.host()}/")),
            ),
        ),
    ),
}


def _inside(path: str) -> Site:
    return lambda heard: Said(302, (("Location", path),)) if heard.path == "/" else Said()


def _exam(source: Random, sizes: Sizes) -> Exam:
    words = Words(Random(f"{source.random()}"))
    probes: list[Probe] = probes_of("headers", RULES, words, sizes.target)
    return target_exam(probes)


PAGES = Bench(name="pages", exam=_exam)
