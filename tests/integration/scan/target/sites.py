"""Header sets for the comparison with the Observatory: each peculiarity by itself, then seeded mixtures of all."""

import random
from collections.abc import Iterator

from tests.integration.scan.target.two_schemes import Headers, Site

HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")
POLICIES = (
    "default-src 'none'",
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "default-src 'self'",
    "default-src 'self'; script-src 'self' 'unsafe-inline'",
    "default-src 'self'; script-src 'nonce-abc' 'unsafe-inline'",
    "script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'; object-src 'none'",
    "default-src 'strict-dynamic' 'nonce-abc' https: http: 'self'",
    "script-src 'strict-dynamic'; object-src 'none'",
    "default-src 'self'; style-src 'self' 'unsafe-inline'",
    "default-src 'self' 'unsafe-eval'",
    "default-src https:",
    "default-src 'self'; img-src http://images.example",
    "default-src 'self'; connect-src http://api.example",
    "default-src 'self' data:",
    "script-src 'self'",
    "object-src 'none'; script-src 'self' https://a.example https://a.example/x https://a-b.example",
    "default-src 'self'; default-src 'none'",
    "default-src 'self'; report-uri /a; report-uri /b",
    "DEFAULT-SRC 'SELF'; Script-Src 'Self'",
    "x",
    "upgrade-insecure-requests",
    "img-src; default-src",
    "default-src 'none', script-src 'self'",
    "frame-ancestors 'self'",
)
REFERRERS = ("no-referrer", "unsafe-url", "nonsense", "origin, strict-origin", "same-origin, future", " ")
TRANSPORTS = (
    *("max-age=31536000; includeSubDomains", "max-age=15768000", "max-age=15767999", "max-age=15552000"),
    *("max-age=15551999", "max-age=0"),
    *(
        "includeSubDomains",
        "max-age=1, max-age=2",
        'max-age="31536000"',
        "MAX-AGE=99999999;preload",
        "max-age=",
    ),
)
COOKIES = (
    "a=1; Secure; HttpOnly; SameSite=Lax",
    "a=1; Secure",
    "a=1",
    "session=1; HttpOnly; Secure",
    "session=1; Secure; SameSite=Strict",
    "login=1; HttpOnly",
    "csrftoken=1; Secure",
    "a=1; Secure; SameSite=Whatever",
    "a=1; SameSite=None",
    "a=1; Secure; SameSite",
    "novalue",
    "a=1; Domain=example.com",
    "__Host-a=1; Path=/",
    "__Secure-s=1; Secure; HttpOnly; SameSite=None",
    "heroku-session-affinity=1",
)
FRAMES = ("DENY", "sameorigin", "ALLOW-FROM https://a.example", "nonsense")
SNIFFS = ("nosniff", "NOSNIFF ", "sniff")
RESOURCES = ("same-origin", "same-site", "cross-origin", "nonsense")
PAGES = (
    "<p>hello",
    "<script>1</script>",
    '<script src="/a.js"></script>',
    '<script src="/a.js" integrity="sha256-x"></script>',
    '<script src="https://cdn.example/a.js"></script>',
    '<script src="https://cdn.example/a.js" integrity="sha256-x"></script>',
    '<script src="http://cdn.example/a.js"></script>',
    '<script src="http://cdn.example/a.js" integrity="sha256-x"></script>',
    '<script src="//cdn.example/a.js"></script><script src="/b.js" integrity="sha256-x"></script>',
    '<script src="/b.js" integrity="sha256-x"></script><script src="//cdn.example/a.js" integrity="x"></script>',
    '<script src="https://10.0.0.1/a.js"></script>',
    '<base href="https://cdn.example/"><script src="a.js"></script>',
    '<!-- <script src="http://x.example/a.js"></script> --><style><script src="http://y.example"></style>',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
    '<meta http-equiv="content-security-policy" content="frame-ancestors \'none\'">',
    '<meta name="referrer" content="unsafe-url"><title><meta name=referrer content=no-referrer></title>',
    '<META NAME="Referrer" CONTENT="no-referrer"><script src="HTTPS://CDN.example/x.js" INTEGRITY=y></script>',
)
HTTPS = "https://127.0.0.1:PORT"
WAYS: tuple[dict[str, str], ...] = (
    {},
    {"http /": HTTPS + "/"},
    {"http /": "http://127.0.0.1:PORT/next", "http /next": HTTPS + "/"},
    {"http /": "/same"},
    {"https /": "/deeper", "https /deeper": "/deepest"},
    {"http /": HTTPS + "/", "https /": "http://127.0.0.1:PORT/back"},
    {"http /": "/", "https /": HTTPS + "/"},
)
CORS: tuple[Headers, ...] = (
    (),
    (("Access-Control-Allow-Origin", "*"),),
    (("Access-Control-Allow-Origin", " * "), ("Access-Control-Allow-Credentials", "true")),
    (("Access-Control-Allow-Origin", "https://friend.example"), ("Access-Control-Allow-Credentials", "true")),
)


def peculiarities() -> Iterator[Site]:
    """One site for each single thing."""
    single: list[tuple[str, tuple[str, ...]]] = [
        ("Content-Security-Policy", POLICIES),
        ("Referrer-Policy", REFERRERS),
        ("Strict-Transport-Security", TRANSPORTS),
        ("Set-Cookie", COOKIES),
        ("X-Frame-Options", FRAMES),
        ("X-Content-Type-Options", SNIFFS),
        ("Cross-Origin-Resource-Policy", RESOURCES),
    ]
    for name, values in single:
        for value in values:
            yield Site(name=f"{name}: {value}", headers=(HTML, (name, value)), body="<p>hello")
    for page in PAGES:
        yield Site(name=page, headers=(HTML,), body=page)
    for way in WAYS:
        yield Site(name=f"redirects {way}", headers=(HTML, ("Set-Cookie", COOKIES[0])), redirects=way)
    for grant in CORS:
        yield Site(name=f"preflight {grant}", headers=(JSON,), preflight=grant)
    yield Site(name="https only", headers=(HTML,), http=False)
    yield Site(name="http only", headers=(HTML, ("Strict-Transport-Security", TRANSPORTS[0])), https=False)
    yield Site(name="report only", headers=(HTML, ("Content-Security-Policy-Report-Only", POLICIES[0])))
    yield Site(
        name="two policies", headers=(HTML, *(("Content-Security-Policy", text) for text in POLICIES[2:4]))
    )
    yield Site(name="forbidden", headers=(HTML,), status=403)


def mixtures(seed: int, count: int) -> Iterator[Site]:
    """Sites of everything at once."""
    source = random.Random(seed)
    for number in range(count):
        headers: list[tuple[str, str]] = [source.choice((HTML, HTML, HTML, JSON))]
        for name, values, share in (
            ("Content-Security-Policy", POLICIES, 0.8),
            ("Referrer-Policy", REFERRERS, 0.6),
            ("Strict-Transport-Security", TRANSPORTS, 0.7),
            ("X-Frame-Options", FRAMES, 0.6),
            ("X-Content-Type-Options", SNIFFS, 0.8),
            ("Cross-Origin-Resource-Policy", RESOURCES, 0.4),
            ("Set-Cookie", COOKIES, 0.5),
            ("Set-Cookie", COOKIES, 0.3),
        ):
            if source.random() < share:
                headers.append((name, source.choice(values)))
        yield Site(
            name=f"mixture {number}",
            headers=tuple(headers),
            body="".join(source.sample(PAGES, source.randint(0, 3))),
            redirects=source.choice(WAYS),
            preflight=source.choice(CORS),
        )
