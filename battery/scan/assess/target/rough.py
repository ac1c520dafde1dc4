"""Sites for the scanner of robustness: what oversized, broken and slow requests do to them."""

import threading
from random import Random

from msgspec import structs

from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.target.probe import LIMITS, Options, Probe, probes_of, target_exam
from battery.scan.assess.target.site import SILENT, Heard, Make, Said, Site, fixed
from battery.scan.assess.words import Words

# What marks one malformed request or another in its head; every scan sends each of them.
_LONG, _NO_LENGTH, _TWO_HOSTS = b"X-Long: a", b"Content-Length: ten", b"Host: hardening-battery.example"
_NUL, _NO_NAME, _BYTES, _SPACE = b"X-Nul", b"\r\n: nothing", b"X-Bytes", b"X-Space "
_TWO_LENGTHS, _XCHUNKED, _VERSION = b"Content-Length: 1\r\nContent-Length: 2", b"xchunked", b"HTTP/9.9"
_MARKS = (_LONG, _NO_LENGTH, _TWO_HOSTS, _NUL, _NO_NAME, _VERSION)


def _answering(said: Said, *marks: bytes) -> tuple[str, Make]:
    """Refuses everything odd with 400, but answers this to what bears one of the marks."""

    def site(heard: Heard) -> Said:
        if any(mark in heard.head for mark in marks):
            return said
        return Said() if heard.is_plain else Said(400)

    return f"{said.status} to {b' or '.join(marks).decode('latin-1')!r}", fixed(site)


def _to_each(said: Said, *marks: bytes) -> Options:
    return tuple(_answering(said, mark) for mark in marks)


def _dying(mark: bytes, *, gone: bool) -> tuple[str, Make]:
    """Answers no more, or with 503 only, once such a request came."""

    def make(_: Words) -> Site:
        dead = threading.Event()

        def site(heard: Heard) -> Said:
            if mark in heard.head:
                dead.set()
            if dead.is_set():
                return SILENT if gone else Said(503)
            return Said() if heard.is_plain else Said(400)

        return site

    return f"{'no answer' if gone else '503'} after {mark.decode('latin-1')!r}", make


def _stumbling(mark: bytes, answers: int) -> tuple[str, Make]:
    """Answers 503 for a moment after such a request, and then as before."""

    def make(_: Words) -> Site:
        left = 0

        def site(heard: Heard) -> Said:
            nonlocal left
            if mark in heard.head:
                left = answers
                return Said(503)
            if left:
                left -= 1
                return Said(503)
            return Said() if heard.is_plain else Said(400)

        return site

    return f"503 for {answers} requests after {mark.decode('latin-1')!r}", make


_STRICT = _answering(Said(400), b"\0nothing bears this\0")
_REFUSALS = tuple(_answering(Said(status), *_MARKS) for status in (400, 413, 431, 501, 505))
_LENIENT = _answering(Said(200), _SPACE, _BYTES)  # what a recipient may accept
ROUGH: dict[str, tuple[Options, Options]] = {
    "target.robustness.server-error": (
        (*_to_each(Said(500), *_MARKS), _answering(Said(502), _LONG)),
        (_STRICT, *_REFUSALS, _LENIENT, _answering(Said(503), *_MARKS)),
    ),
    "target.robustness.smuggling": (
        (*_to_each(Said(200), _TWO_LENGTHS, _XCHUNKED), _answering(Said(204), _TWO_LENGTHS, _XCHUNKED)),
        (_STRICT, *_REFUSALS, _LENIENT, _answering(Said(200), _NUL, _NO_NAME)),
    ),
    "target.robustness.accepts-malformed": (
        _to_each(Said(200), *_MARKS),
        (_STRICT, *_REFUSALS, _LENIENT, _answering(Said(301), *_MARKS)),
    ),
    "target.robustness.no-answer": (_to_each(SILENT, *_MARKS), (_STRICT, *_REFUSALS, _LENIENT)),
}
CRASHES: dict[str, tuple[Options, Options]] = {
    "target.robustness.crash": (
        tuple(_dying(mark, gone=gone) for mark, gone in zip(_MARKS, (True, False) * 3, strict=True)),
        (
            _STRICT,
            *_REFUSALS[:2],
            *_to_each(SILENT, _NUL, _LONG),
            *(_stumbling(mark, 1) for mark in (_NUL, _NO_LENGTH)),
            _answering(Said(500), *_MARKS),
        ),
    ),
}


def _crowded(most: int, said: Said) -> tuple[str, Make]:
    """Says this to everybody while so many others have sent half a request."""

    def site(heard: Heard) -> Said:
        if heard.half_sent >= most:
            return said
        return Said() if heard.is_plain else Said(400)

    return f"{said.status} beside {most} slow clients", fixed(site)


_MANY = LIMITS.slow_connections
CROWDS: dict[str, tuple[Options, Options]] = {
    "target.robustness.slow-clients": (
        (_crowded(_MANY, Said(503)), _crowded(_MANY - 1, Said(500)), _crowded(2, SILENT)),
        (
            _STRICT,
            _crowded(_MANY + 1, Said(503)),
            _crowded(1, Said(200)),
            _crowded(2, Said(429)),
            _crowded(2, Said(200, wait=0.2)),
        ),
    ),
}
_HANG = Said(400, wait=60)
HANGS: dict[str, tuple[Options, Options]] = {
    "target.robustness.hangs": (
        _to_each(_HANG, *_MARKS),
        (_STRICT, *_REFUSALS[:2], _answering(Said(400, wait=0.3), _NUL)),
    ),
}


def _exam(source: Random, sizes: Sizes) -> Exam:
    words = Words(Random(f"{source.random()}"))
    patient = structs.replace(LIMITS, patience=0.5)
    probes: list[Probe] = probes_of("robustness", ROUGH, words, sizes.slow, limits=patient)
    probes += probes_of("robustness", CROWDS, words, sizes.slow, limits=patient)
    probes += probes_of("robustness", CRASHES, words, sizes.target, limits=patient)
    probes += probes_of("robustness", HANGS, words, sizes.slow, limits=structs.replace(patient, deadline=4.0))
    return target_exam(probes)


ROUGH_HANDLING = Bench(name="robustness", exam=_exam)
