"""Sites that give something away when they fail, and sites that only speak of errors."""

from battery.scan.assess.target.probe import Options
from battery.scan.assess.target.site import HTML, TEXT, Make, Said, Site, at, sound, with_headers
from battery.scan.assess.templates import filled
from battery.scan.assess.words import Words

_TRACES = (
    'Traceback (most recent call last):\n  File "/srv/«word».py", line «number», in «verb»\nKeyError: «word2»',
    "java.lang.NullPointerException\n\tat com.«word».«title».«verb»(«title».java:«number»)",
    "TypeError: «name» is undefined\n    at «verb» (/srv/«word»/index.js:12:«octet»)",
    "System.NullReferenceException\n   at «title».«title2».Run(String a) in /src/«word».cs:line «number»",
    "Fatal error: Uncaught Error: «text» in /var/www/«word».php:«number»",
    "/srv/«word»/app.rb:«number»:in `«verb»'",
    "panic: «text»\n\ngoroutine 1 [running]:",
    "thread 'main' panicked at src/«word».rs:«number»:5",
    "You have an error in your SQL syntax near '«word»'",
)
_NO_TRACES = (
    '{"error": "«text»", "id": "«uuid»"}',
    "<p>Something failed; we look at it. Number «number».",
    "the file at line «number» of your upload is empty",
    "bad request: «name» is no number",
    "the «word» was not found at /«word2»/«name».js",
)
_DEBUG = (
    "<title>KeyError: «word» // Werkzeug Debugger</title>",
    "<script>var EVALEX = true, EVALEX_TRUSTED = false;</script>",
    "<p>You're seeing this error because you have <code>DEBUG = True</code> in your settings",
    "<script>window.ignite({});</script>",
    '<div class="Whoops container"><h1>Whoops! There was an error.</h1>',
    '<div class="sf-toolbar">',
    "<title>Action Controller: Exception caught</title>",
    "<title>Runtime Error</title><p>[System.ArgumentException: «text»]",
    "<title>Starlette Debugger</title>",
)
_NO_DEBUG = (
    "<title>«text»</title><p>Whoops! There was an error. Please come back later.",
    "<h1>How the Werkzeug Debugger works</h1><p>«text»",
    "<p>Never set <code>DEBUG = True</code> for visitors.",
    '{"error": "«text»", "debug": false}',
    "<title>Error 500</title><p>«text»",
    "<p>The better errors of «word» are told politely.",
)
_VERSIONS = (
    ("Server", "nginx/1.«octet».0"),
    ("Server", "Apache/2.4.«octet» (Unix)"),
    ("X-Powered-By", "PHP/8.1.«octet»"),
    ("X-AspNet-Version", "4.0.30319"),
    ("X-Generator", "Drupal 9.«octet».1"),
    ("Server", "Jetty(9.4.«octet»)"),
)
_NO_VERSIONS = (
    ("Server", "nginx"),
    ("X-Powered-By", "«word»"),
    ("Via", "1.1 «word»"),
    ("Via", "HTTP/1.1 «word»"),
    ("Server", "«word»-«octet»"),
    ("X-Request-Cost", "«word»/1.2.3"),
)


def _failing(text: str, status: int = 500) -> Make:
    """Fails when it is asked nonsense, with this text."""

    def make(words: Words) -> Site:
        said = Said(status, (HTML if text.startswith("<") else TEXT,), filled(text, words))
        return lambda heard: said if heard.query or heard.method == "POST" else sound(heard)

    return make


def _saying(text: str) -> Make:
    """Says this on its first page."""
    return lambda words: at("/", Said(200, (HTML,), filled(text, words)))


def _headed(name: str, value: str) -> Make:
    return lambda words: with_headers((name, filled(value, words)))


def _texts(texts: tuple[str, ...]) -> Options:
    return tuple((text, _failing(text)) for text in texts)


ERRORS: dict[str, tuple[Options, Options]] = {
    "target.errors.stack-trace": (
        _texts(_TRACES),
        (
            *_texts(_NO_TRACES),
            (
                "a manual that shows one",
                _saying("<h1>Manual</h1><pre>Traceback (most recent call last):</pre>"),
            ),
        ),
    ),
    "target.errors.debug-page": (
        _texts(_DEBUG),
        (*_texts(_NO_DEBUG), *((text, _saying(text)) for text in _NO_DEBUG[:2])),
    ),
    "target.errors.version": (
        tuple((f"{name}: {value}", _headed(name, value)) for name, value in _VERSIONS),
        tuple((f"{name}: {value}", _headed(name, value)) for name, value in _NO_VERSIONS),
    ),
}
