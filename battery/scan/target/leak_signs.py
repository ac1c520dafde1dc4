"""Signs of what an answer gives away: stack traces, debug pages, versions."""

import re

from battery.model.frozen import Frozen

# Bounded quantifiers only: these run over whatever a target sends.
TRACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Python", re.compile(r"Traceback \(most recent call last\):")),
    ("Java", re.compile(r"\n?\s{0,8}at [\w.$]{3,200}\([\w$]{1,100}\.(?:java|kt|scala):\d{1,6}\)")),
    (
        "JavaScript",
        re.compile(r"\bat [^\n(]{0,120}\(?(?:file://|/|[A-Z]:\\)[^\n:()]{1,200}\.[cm]?[jt]s:\d{1,6}:\d{1,6}"),
    ),
    (".NET", re.compile(r"\bat [\w.<>`\[\]]{3,200}\([^\n)]{0,200}\) in [^\n]{1,200}\.cs:line \d{1,6}")),
    ("PHP", re.compile(r"(?:Fatal error|Uncaught \w{1,60}):[^\n]{0,300} in (?:<b>)?/[^\n<]{1,200}\.php")),
    ("Ruby", re.compile(r"/[^\n:]{1,200}\.rb:\d{1,6}:in [`'][^\n']{1,100}'")),
    ("Go", re.compile(r"goroutine \d{1,9} \[running\]:")),
    ("Rust", re.compile(r"thread '[^'\n]{1,100}' panicked at ")),
    (
        "SQL",
        re.compile(
            r"(?:You have an error in your SQL syntax|ORA-\d{5}:|SQLSTATE\[\w{5}\]|psycopg2?\.errors\.|SQLITE_ERROR)"
        ),
    ),
)
DEBUG_PAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Werkzeug debugger",
        re.compile(r"(?:// Werkzeug Debugger</title>|__debugger__=yes|EVALEX = (?:true|false))"),
    ),
    (
        "Django debug page",
        re.compile(r"You(?:'|&#x27;|&#39;)re seeing this error because you have <code>DEBUG = True</code>"),
    ),
    (
        "Laravel Ignition or Whoops",
        re.compile(r"(?:class=\"Whoops container|window\.ignite\(|\"ignition\")"),
    ),
    ("Symfony profiler", re.compile(r"(?:sf-toolbar|Symfony Exception|symfony/profiler)")),
    ("Rails debug page", re.compile(r"Action Controller: Exception caught|better_errors")),
    (
        "ASP.NET error page",
        re.compile(r"<title>Runtime Error|\[[\w.]{1,80}Exception: [^\]\n]{1,200}\]|Developer Exception Page"),
    ),
    ("Starlette debug page", re.compile(r"<title>Starlette Debugger</title>")),
)
# HTTP/1.1 is the protocol's version, which Via has to tell.
_VERSIONED = re.compile(r"(?!HTTP/)\b[A-Za-z][\w .()-]{0,40}[/ (]v?\d{1,4}(?:\.\d{1,6}){1,4}")
_TELLING = (
    "server",
    "x-powered-by",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "x-runtime-version",
    "via",
)


class Leak(Frozen, frozen=True, kw_only=True):
    """What was given away, and the text that shows it."""

    rule: str
    what: str
    text: str


def leaks_in(body: str) -> tuple[Leak, ...]:
    """What a body gives away; a debug page is more than the trace on it."""
    for what, sign in DEBUG_PAGES:
        if match := sign.search(body):
            return (Leak(rule="target.errors.debug-page", what=what, text=match[0]),)
    for what, sign in TRACES:
        if match := sign.search(body):
            return (Leak(rule="target.errors.stack-trace", what=what, text=match[0]),)
    return ()


def versions_in(headers: tuple[tuple[str, str], ...]) -> tuple[Leak, ...]:
    """Products that tell their version."""
    return tuple(
        Leak(rule="target.errors.version", what=name, text=value)
        for name, value in headers
        if name in _TELLING and (_VERSIONED.search(value) or (name.endswith("-version") and value))
    )
