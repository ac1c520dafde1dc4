"""Sites for the scanners of single answers: CORS, methods, and what errors give away."""

from collections.abc import Callable
from random import Random

from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.target.error_pages import ERRORS
from battery.scan.assess.target.probe import Options, Probe, probes_of, target_exam
from battery.scan.assess.target.site import HTML, JSON, Heard, Make, Said, fixed, sound
from battery.scan.assess.words import Words

_ALLOW, _TRUE = "Access-Control-Allow-Origin", ("Access-Control-Allow-Credentials", "true")


def _allowing(accept: Callable[[str], bool], *more: tuple[str, str]) -> Make:
    """Allows the origins that it accepts by repeating them."""

    def site(heard: Heard) -> Said:
        origin = heard.headers.get("origin", "")
        allowed = ((_ALLOW, origin),) if origin and accept(origin) else ()
        return Said(headers=(JSON, *allowed, *more))

    return fixed(site)


def _always(*headers: tuple[str, str]) -> Make:
    return fixed(lambda _: Said(headers=(JSON, *headers)))


_FRIEND = "https://friend.example"
_NAMED = ("named origin, credentials", _always((_ALLOW, _FRIEND), _TRUE))
_LISTED = (
    "listed origins, credentials",
    _allowing(lambda origin: origin in (_FRIEND, "https://127.0.0.1"), _TRUE),
)
_NO_CORS = ("no CORS at all", fixed(sound))
_OPEN = ("* without credentials", _always((_ALLOW, "*")))


def _is_ours(origin: str) -> bool:
    """The careful way: the whole name, or a whole label before it."""
    host = origin.removeprefix("https://")
    return origin.startswith("https://") and host in ("127.0.0.1", "www.127.0.0.1")


_CAREFUL = ("whole names, credentials", _allowing(_is_ours, _TRUE))
CORS: dict[str, tuple[Options, Options]] = {
    "target.cors.wildcard-with-credentials": (
        (("* with credentials", _always((_ALLOW, "*"), _TRUE)),),
        (_OPEN, _NAMED, _NO_CORS, ("* with credentials: false", _always((_ALLOW, "*"), (_TRUE[0], "false")))),
    ),
    "target.cors.reflected-with-credentials": (
        (
            ("all reflected", _allowing(lambda _: True, _TRUE)),
            ("https reflected", _allowing(lambda origin: origin.startswith("https://"), _TRUE)),
        ),
        (_NAMED, _LISTED, _OPEN, ("reflected, no credentials", _allowing(lambda _: True)), _CAREFUL),
    ),
    "target.cors.null-with-credentials": (
        (
            ("null allowed", _allowing(lambda origin: origin == "null", _TRUE)),
            ("null and a friend", _allowing(lambda origin: origin in ("null", _FRIEND), _TRUE)),
        ),
        (_NAMED, _LISTED, ("null, no credentials", _allowing(lambda origin: origin == "null")), _NO_CORS),
    ),
    "target.cors.lookalike-with-credentials": (
        (
            ("begins like it", _allowing(lambda origin: origin.startswith("https://127.0.0.1"), _TRUE)),
            ("ends like it", _allowing(lambda origin: origin.endswith("127.0.0.1"), _TRUE)),
            ("holds it", _allowing(lambda origin: "127.0.0.1" in origin, _TRUE)),
        ),
        (
            _CAREFUL,
            _LISTED,
            _NAMED,
            ("subdomains", _allowing(lambda origin: origin.endswith(".127.0.0.1"), _TRUE)),
        ),
    ),
    "target.cors.subdomain-with-credentials": (
        (("every subdomain", _allowing(lambda origin: origin.endswith(".127.0.0.1"), _TRUE)),),
        (
            _CAREFUL,
            _LISTED,
            ("subdomains, no credentials", _allowing(lambda origin: origin.endswith(".127.0.0.1"))),
        ),
    ),
    "target.cors.wildcard": (
        (_OPEN,),
        (
            _NAMED,
            _NO_CORS,
            ("* with credentials", _always((_ALLOW, "*"), _TRUE)),
            ("*.friend", _always((_ALLOW, "*.friend"))),
        ),
    ),
    "target.cors.reflected": (
        (
            ("reflected", _allowing(lambda _: True)),
            ("reflected, credentials: false", _allowing(lambda _: True, (_TRUE[0], "false"))),
        ),
        (_NAMED, _LISTED, _OPEN, ("reflected, credentials", _allowing(lambda _: True, _TRUE))),
    ),
}
CORS_OVER_TLS: dict[str, tuple[Options, Options]] = {
    "target.cors.plaintext-with-credentials": (
        (
            ("its http side", _allowing(lambda origin: origin == "http://127.0.0.1", _TRUE)),
            ("any scheme", _allowing(lambda origin: origin.partition("://")[2] == "127.0.0.1", _TRUE)),
        ),
        (
            _CAREFUL,
            _NAMED,
            ("its https side", _allowing(lambda origin: origin == "https://127.0.0.1", _TRUE)),
        ),
    ),
}


def _on(method: str, answer: Callable[[Heard], Said]) -> Make:
    """The healthy site, with another answer to one method."""
    return fixed(lambda heard: answer(heard) if heard.method == method else sound(heard))


def _echo(heard: Heard) -> Said:
    return Said(200, (("Content-Type", "message/http"),), heard.head.decode("latin-1"))


def _treats_alike(heard: Heard) -> Said:
    return Said() if heard.path == "/" else Said(404)


def _refuses_politely(heard: Heard) -> Said:
    """Answers every unknown verb with 200 and an explanation, where it should be 405."""
    return (
        Said(200, (HTML,), "<p>this method is not allowed here")
        if heard.method == "BATTERY"
        else sound(heard)
    )


METHODS: dict[str, tuple[Options, Options]] = {
    "target.methods.trace": (
        (("TRACE echoes", _on("TRACE", _echo)), ("TRACK echoes", _on("TRACK", _echo))),
        (
            ("TRACE refused", fixed(sound)),
            ("TRACE gets the page", _on("TRACE", lambda _: Said())),
            ("TRACE refused with an echo", _on("TRACE", lambda heard: _echo(heard)._replace(status=405))),
            ("TRACE echoes its first line", _on("TRACE", lambda _: Said(200, body="TRACE / HTTP/1.1"))),
        ),
    ),
    "target.methods.webdav": (
        (("PROPFIND 207", _on("PROPFIND", lambda _: Said(207, body="<multistatus/>"))),),
        (
            ("PROPFIND refused", fixed(sound)),
            ("PROPFIND gets the page", _on("PROPFIND", lambda _: Said())),
            ("PROPFIND wants a login", _on("PROPFIND", lambda _: Said(401))),
        ),
    ),
    "target.methods.any-verb": (
        (
            ("every verb like GET", fixed(_treats_alike)),
            ("an unknown verb like GET", _on("BATTERY", _treats_alike)),
        ),
        (
            ("405", fixed(sound)),
            ("501", _on("BATTERY", lambda _: Said(501))),
            ("400", _on("BATTERY", lambda _: Said(400))),
            ("a refusal with status 200", fixed(_refuses_politely)),
        ),
    ),
}


def _exam(source: Random, sizes: Sizes) -> Exam:
    words = Words(Random(f"{source.random()}"))
    probes: list[Probe] = []
    for scanner, rules, schemes in (
        ("cors", CORS, ("http",)),
        ("cors", CORS_OVER_TLS, ("https",)),
        ("methods", METHODS, ("http",)),
        ("errors", ERRORS, ("http",)),
    ):
        probes += probes_of(scanner, rules, words, sizes.target, schemes=schemes)
    return target_exam(probes)


ANSWERS = Bench(name="answers", exam=_exam)
