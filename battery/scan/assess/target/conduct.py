"""Sites for the scanners of conduct: who may do what, how many requests are too many, how many failed logins."""

import time
from random import Random

from msgspec import structs

from battery.model.security import AccessRule, Kind, LoginProbe, ScanIdentity
from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.target.probe import LIMITS, Options, Probe, probes_of, target_exam
from battery.scan.assess.target.site import JSON, TEXT, Heard, Make, Said, Site, fixed, sound
from battery.scan.assess.words import Words

_KINDS: tuple[tuple[str, Kind], ...] = (
    *(("owner", "valid"), ("late", "expired")),
    *(("reader", "wrong_role"), ("stranger", "other_tenant")),
)
_WHO = {f"Bearer {name}": name for name, _ in _KINDS} | {"": "nobody"}
_ACCESS = {
    "identities": tuple(
        ScanIdentity(name=name, kind=kind, headers={"Authorization": f"Bearer {name}"})
        for name, kind in _KINDS
    ),
    "access": (AccessRule(name="note", path="/note", allowed=("owner",)),),
}


def _letting(**said: Said) -> Make:
    """Lets the owner in and refuses the others, but for those named here."""

    def site(heard: Heard) -> Said:
        who = _WHO.get(heard.headers.get("authorization", ""), "nobody")
        if who in said:
            return said[who]
        return Said() if who == "owner" else Said(401 if who in ("nobody", "late") else 403)

    return fixed(site)


_STRICT = ("all others refused", _letting())
_ALL_401 = ("all others 401", _letting(reader=Said(401), stranger=Said(401)))
_HTML_403 = (
    "refused with a page",
    _letting(nobody=Said(403, (TEXT,), "ok"), late=Said(403, body='{"ok": true}')),
)


def _open_to(*names: str) -> tuple[str, Make]:
    return f"open to {', '.join(names)}", _letting(**dict.fromkeys(names, Said()))


ACCESS: dict[str, tuple[Options, Options]] = {
    "target.access.unauthenticated": (
        (
            _open_to("nobody"),
            _open_to("nobody", "late", "reader", "stranger"),
            ("204 to all", _letting(nobody=Said(204))),
        ),
        (_STRICT, _ALL_401, _open_to("reader"), _HTML_403, _open_to("late")),
    ),
    "target.access.expired": (
        (_open_to("late"), _open_to("late", "nobody")),
        (_STRICT, _open_to("nobody"), _HTML_403),
    ),
    "target.access.wrong-role": (
        (_open_to("reader"), _open_to("reader", "stranger")),
        (_STRICT, _ALL_401, _open_to("stranger"), _HTML_403),
    ),
    "target.access.other-tenant": (
        (_open_to("stranger"), _open_to("stranger", "reader")),
        (_STRICT, _ALL_401, _open_to("reader"), _HTML_403),
    ),
    "target.access.unclear": (
        tuple(
            (f"{status} to {who}", _letting(**{who: Said(status)}))
            for who, status in (("nobody", 500), ("reader", 302), ("late", 400), ("stranger", 404))
        ),
        (_STRICT, _ALL_401, _open_to("nobody"), _HTML_403),
    ),
}


class _Door:
    """Shuts after so many requests, for a time or for ever."""

    def __init__(self, after: int, seconds: float) -> None:
        self._after, self._seconds = after, seconds
        self._count = 0
        self._until: float | None = None

    def refuses(self) -> bool:
        """Whether it is shut for this request."""
        self._count += 1
        if self._count <= self._after:
            return False
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        return time.monotonic() < self._until


def _limited(
    after: int, *headers: tuple[str, str], status: int = 429, seconds: float = 0.3, everyone: bool = False
) -> Make:
    """Turns a client away after so many requests, for so many seconds."""

    def make(_: Words) -> Site:
        doors: dict[str, _Door] = {}

        def site(heard: Heard) -> Said:
            door = doors.setdefault("" if everyone else heard.client, _Door(after, seconds))
            return Said(status, (JSON, *headers), "") if door.refuses() else Said()

        return site

    return make


_SOON, _NEVER = ("Retry-After", "0"), 100_000
_FAIR = ("429 with Retry-After, then over", _limited(8, _SOON))
RATE_LIMIT: dict[str, tuple[Options, Options]] = {
    "target.rate-limit.absent": (
        (("no limit", fixed(sound)), ("a limit far away", _limited(5000, _SOON))),
        (
            _FAIR,
            ("503 with Retry-After", _limited(8, _SOON, status=503)),
            ("a late limit", _limited(20, _SOON)),
        ),
    ),
    "target.rate-limit.no-retry-after": (
        (("429 alone", _limited(8)), ("Retry-After: later", _limited(8, ("Retry-After", "later")))),
        (
            _FAIR,
            ("a date", _limited(8, ("Retry-After", "Sat, 07 Mar 2026 10:00:00 GMT"))),
            ("503 with Retry-After", _limited(8, _SOON, status=503)),
        ),
    ),
    "target.rate-limit.no-recovery": (
        (
            ("for ever", _limited(8, _SOON, seconds=_NEVER)),
            ("for ever, without a word", _limited(8, seconds=_NEVER)),
        ),
        (
            _FAIR,
            ("a late limit", _limited(20, _SOON)),
            ("longer than we wait", _limited(8, ("Retry-After", "60"), seconds=_NEVER)),
        ),
    ),
    "target.rate-limit.punishes-others": (
        (
            ("all in one count", _limited(8, _SOON, everyone=True)),
            ("all, late", _limited(20, _SOON, everyone=True)),
        ),
        (
            _FAIR,
            ("each for itself, for ever", _limited(8, _SOON, seconds=_NEVER)),
            ("no limit", fixed(sound)),
        ),
    ),
}


def _login(after: int, blocked: Said, seconds: float = 0.3) -> Make:
    """Refuses every login, and blocks after so many for so many seconds."""

    def make(_: Words) -> Site:
        door = _Door(after, seconds)
        return lambda _: blocked if door.refuses() else Said(401)

    return make


_LOCKED = Said(429, (JSON, _SOON))
_LOCKS = ("429 after 5", _login(5, _LOCKED))
ABUSE: dict[str, tuple[Options, Options]] = {
    "target.abuse.no-lockout": (
        (("401 for ever", _login(_NEVER, _LOCKED)), ("a lock after 1000", _login(1000, _LOCKED))),
        (_LOCKS, ("423 after 3", _login(3, Said(423))), ("403 after 8", _login(8, Said(403)))),
    ),
    "target.abuse.no-recovery": (
        (
            ("429 for ever", _login(5, _LOCKED, seconds=_NEVER)),
            ("423 for ever", _login(3, Said(423), seconds=_NEVER)),
        ),
        (_LOCKS, ("never blocked", _login(_NEVER, _LOCKED)), ("403 for a while", _login(4, Said(403)))),
    ),
}


def _exam(source: Random, sizes: Sizes) -> Exam:
    words = Words(Random(f"{source.random()}"))
    waiting = structs.replace(LIMITS, patience=1.0)
    probes: list[Probe] = probes_of("access", ACCESS, words, sizes.target, request=_ACCESS)
    probes += probes_of("rate_limit", RATE_LIMIT, words, sizes.slow, limits=waiting)
    probes += probes_of(
        "abuse",
        ABUSE,
        words,
        sizes.target,
        request={"login": LoginProbe(path="/login", body="{}")},
        limits=waiting,
    )
    return target_exam(probes)


CONDUCT = Bench(name="conduct", exam=_exam)
