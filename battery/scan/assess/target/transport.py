"""Sites for the scanner of TLS: certificates, versions, ciphers, and whether visitors end on https."""

from random import Random
from typing import Any

from battery.scan.assess.assessment import BLOCKING
from battery.scan.assess.case import Bench, Case, Exam, Sizes
from battery.scan.assess.target.certificates import Wanted
from battery.scan.assess.target.greetings import SOUND_CIPHERS, Offer
from battery.scan.assess.target.probe import Options, Probe, probes_of, target_exam
from battery.scan.assess.target.site import HTML, Heard, Make, Said, Site, fixed
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words
from battery.scan.rules import scan_rules

_HSTS = "Strict-Transport-Security"
_LONG_ENOUGH = "max-age=31536000; includeSubDomains"
Side = tuple[str, dict[str, Any]]
"""A template's name, and what is special about the site."""


def _certificate(*wishes: Wanted) -> tuple[Side, ...]:
    return tuple((f"certificate {_told(wish)}", {"wanted": wish}) for wish in wishes)


def _told(wish: Wanted) -> str:
    plain = Wanted()
    pairs = ((name, getattr(wish, name)) for name in wish.__struct_fields__)
    return ", ".join(f"{name} {value}" for name, value in pairs if value != getattr(plain, name)) or "sound"


def _offer(name: str, offer: Offer) -> Side:
    return name, {"offer": offer}


def _ciphers(name: str, *more: int) -> Side:
    return _offer(name, Offer(ciphers=SOUND_CIPHERS | frozenset(more)))


def _versions(name: str, *versions: int) -> Side:
    return _offer(name, Offer(versions=frozenset(versions), ciphers=SOUND_CIPHERS | {0xC013, 0xC014}))


def _header(*values: str) -> tuple[Side, ...]:
    return tuple((f"{_HSTS}: {value}" if value else "no header", {"hsts": value}) for value in values)


_SOUND: tuple[Side, ...] = _certificate(Wanted(), Wanted(key="P-384"), Wanted(key="RSA-2048"))
_MODERN = _offer("TLS 1.2 and 1.3", Offer())
_REFUSES = (
    _MODERN,
    _offer("hangs up on the rest", Offer(hangs_up=True)),
    _offer("answers old hellos with TLS 1.2", Offer(upward=True)),
)
SIDES: dict[str, tuple[tuple[Side, ...], tuple[Side, ...]]] = {
    "target.tls.expired": (
        _certificate(Wanted(days=-1), Wanted(days=-200, since=-400), Wanted(days=-0.1)),
        (*_certificate(Wanted(days=1), Wanted(days=13), Wanted(since=1)), *_SOUND),
    ),
    "target.tls.not-yet-valid": (
        _certificate(Wanted(since=1), Wanted(since=30), Wanted(since=0.1)),
        (*_certificate(Wanted(since=-0.01), Wanted(days=-1), Wanted(days=5)), *_SOUND),
    ),
    "target.tls.expires-soon": (
        _certificate(Wanted(days=1), Wanted(days=13), Wanted(days=13.9)),
        (*_certificate(Wanted(days=15), Wanted(days=29), Wanted(days=-1)), *_SOUND),
    ),
    "target.tls.expires-this-month": (
        _certificate(Wanted(days=15), Wanted(days=22), Wanted(days=29)),
        (*_certificate(Wanted(days=31), Wanted(days=12), Wanted(days=60)), *_SOUND),
    ),
    "target.tls.name": (
        _certificate(
            Wanted(names=("other.example",)),
            Wanted(names=("127.0.0.2",)),
            Wanted(names=(), common_name="127.0.0.1"),
            Wanted(names=("*.0.0.1",)),
        ),
        (
            *_certificate(Wanted(names=("other.example", "127.0.0.1")), Wanted(common_name="other.example")),
            *_SOUND,
        ),
    ),
    "target.tls.untrusted": (
        _certificate(
            Wanted(trusted=False), Wanted(trusted=False, key="RSA-2048"), Wanted(trusted=False, days=20)
        ),
        (*_certificate(Wanted(days=20), Wanted(names=("other.example",)), Wanted(days=-1)), *_SOUND),
    ),
    "target.tls.weak-certificate": (
        _certificate(Wanted(key="RSA-1024"), Wanted(key="RSA-1536"), Wanted(key="RSA-1920")),
        (*_certificate(Wanted(key="RSA-3072"), Wanted(trusted=False)), *_SOUND),
    ),
    "target.tls.old-version": (
        (
            _versions("TLS 1.0 too", 0x0301, 0x0303, 0x0304),
            _versions("TLS 1.1 too", 0x0302, 0x0303, 0x0304),
            _versions("SSL 3.0 too", 0x0300, 0x0303),
        ),
        (*_REFUSES, _versions("TLS 1.3 only", 0x0304), _versions("TLS 1.2 only", 0x0303)),
    ),
    "target.tls.broken-cipher": (
        (
            _ciphers("no encryption", 0x0002),
            _ciphers("no authentication", 0xC018),
            _ciphers("export grade", 0x0008),
            _ciphers("RC4", 0x0005),
            _ciphers("DES", 0x0009),
        ),
        (*_REFUSES, _ciphers("RSA key exchange", 0x002F), _ciphers("3DES", 0x000A)),
    ),
    "target.tls.weak-cipher": (
        (_ciphers("3DES", 0x000A), _ciphers("3DES with ECDHE", 0xC012)),
        (*_REFUSES, _ciphers("AES-CBC", 0xC013), _ciphers("RC4", 0x0005)),
    ),
    "target.tls.no-forward-secrecy": (
        (_ciphers("RSA with AES-CBC", 0x002F), _ciphers("RSA with AES-GCM", 0x009C, 0x009D)),
        (*_REFUSES, _ciphers("DHE", 0x009E), _ciphers("3DES with ECDHE", 0xC012)),
    ),
    "target.tls.no-tls13": (
        (_versions("TLS 1.2 only", 0x0303), _versions("TLS 1.0 to 1.2", 0x0301, 0x0302, 0x0303)),
        (*_REFUSES, _versions("TLS 1.3 only", 0x0304)),
    ),
    "target.tls.hsts-missing": (
        _header("", "includeSubDomains", "max-age=1, max-age=2"),
        _header(_LONG_ENOUGH, "max-age=15768000", "max-age=3600", "MAX-AGE=99999999;preload"),
    ),
    "target.tls.hsts-short": (
        _header("max-age=0", "max-age=3600", "max-age=15552000", "max-age=15767999; includeSubDomains"),
        _header(_LONG_ENOUGH, "max-age=15768000", "", "max-age=63072000; preload"),
    ),
}


def _over_two(status: int, *hops: str) -> tuple[str, Make]:
    """http leads over these hops, `https` and `http` standing for the site's own sides; https answers a page."""

    def site(heard: Heard) -> Said:
        number = int(heard.path.removeprefix("/hop") or 0) if heard.path.startswith("/hop") else 0
        if heard.scheme == "https" or number >= len(hops):
            return Said(200, (HTML, (_HSTS, _LONG_ENOUGH)), "<p>here")
        side = hops[number]
        return Said(status, (("Location", f"{heard.urls.get(side, side)}/hop{number + 1}"),), "")

    return f"{status} {' then '.join(hops) or 'no redirect'}", fixed(site)


REDIRECTS: dict[str, tuple[Options, Options]] = {
    "target.headers.no-https-redirect": (
        (
            _over_two(200),
            _over_two(301, "http"),
            _over_two(302, "http", "https"),
            _over_two(301, "https://elsewhere.example"),
        ),
        (_over_two(301, "https"), _over_two(308, "https"), _over_two(302, "https")),
    ),
}


def _sides(words: Words, sizes: Sizes) -> list[Probe]:
    """Each look takes some twenty connections: rules that never block get the smaller size."""
    probes = []
    for rule, (defects, benign) in SIDES.items():
        size = sizes.target if scan_rules()[rule].severity in BLOCKING else sizes.slow
        for defect, options in ((True, defects), (False, benign)):
            for number, (template, special) in enumerate(taken(options, size, words.random)):
                place = f"{rule} {'a' if defect else 'b'}{number:02}"
                case = Case(rule=rule, place=place, defect=defect, template=template)
                site = _saying(special.get("hsts", _LONG_ENOUGH))
                rest = {name: value for name, value in special.items() if name != "hsts"}
                offered = {"offer": Offer()} | rest  # no hello of one version reaches our own library
                probes.append(Probe(cases=(case,), scanner="tls", site=site, schemes=("https",), **offered))
    return probes


def _saying(hsts: str) -> Site:
    return lambda _: Said(200, ((_HSTS, hsts),) if hsts else ())


def _absent(words: Words, size: int) -> list[Probe]:
    """Names of targets: what stands behind them is never asked."""
    probes = []
    for defect, names in (
        (True, ("http://«host»", "http://«host»:«port»", "http://10.0.«octet».«octet2»:8080")),
        (False, ("http://127.0.0.1:«port»", "http://localhost:«port»", "http://[::1]:«port»")),
    ):
        for number, template in enumerate(taken(names, size, words.random)):
            rule = "target.tls.absent"
            case = Case(
                rule=rule,
                place=f"{rule} {'a' if defect else 'b'}{number:02}",
                defect=defect,
                template=template,
            )
            probes.append(Probe(cases=(case,), scanner="tls", site=_saying(""), url=filled(template, words)))
    return probes


def _exam(source: Random, sizes: Sizes) -> Exam:
    words = Words(Random(f"{source.random()}"))
    probes = [*_sides(words, sizes), *_absent(words, sizes.target)]
    probes += probes_of("headers", REDIRECTS, words, sizes.target, schemes=("https", "http"))
    return target_exam(probes)


TRANSPORT = Bench(name="transport", exam=_exam)
