"""TLS: the certificate, the versions and ciphers that are offered, and whether browsers are told to insist."""

from functools import partial
from random import Random

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.notes import Notes
from battery.scan.target.observatory.transport import SIX_MONTHS, judge_hsts_value
from battery.scan.target.scope import Origin
from battery.scan.target.tls_attacks import look_for_attacks
from battery.scan.target.tls_certificate import DATE_CODES, NAME_CODES, flaws_of
from battery.scan.target.tls_hello import (
    FORWARD,
    MODERN,
    NO_SECRET,
    OLD,
    STATIC_RSA,
    TLS_1_2,
    TLS_1_3,
    TRIPLE_DES,
    VERSIONS,
    ServerHello,
    client_hello,
    server_hello,
)
from battery.scan.target.tool import installed
from battery.scan.target.view import Scanner, View

_ENOUGH = 4096
_HSTS = {
    "hsts-implemented-max-age-less-than-six-months": "target.tls.hsts-short",
    "hsts-header-invalid": "target.tls.hsts-missing",
}
_CERTIFICATE, _INSIST = "certificate", "Strict-Transport-Security"


async def look(view: View, notes: Notes) -> None:
    """Judge the https side of the target, where there is one."""
    origin = view.scope.speaking("https")
    if origin is None:
        _plaintext(view.scope.target, notes)
        return
    versions = {VERSIONS[version]: version for version in (*OLD, TLS_1_2, TLS_1_3)}
    groups = {**NO_SECRET, "3DES": TRIPLE_DES, "RSA key exchange": STATIC_RSA}
    notes.plan(_CERTIFICATE, *versions, *groups, _INSIST)
    if not await _certificate(view, notes, origin):
        notes.skip_rest("no TLS connection came about")
        return
    offered = [
        version for name, version in versions.items() if await _version(view, notes, origin, name, version)
    ]
    notes.facts["versions"] = ", ".join(VERSIONS[version] for version in offered) or "none that is known"
    if TLS_1_3 not in offered:
        notes.finding("target.tls.no-tls13", origin.url, content="TLS 1.3", excerpt="TLS 1.3 is not offered")
    for name, ciphers in groups.items():
        await _ciphers(view, notes, origin, name, ciphers)
    await _insistence(view, notes, origin)
    await look_for_attacks(
        view, notes, origin, partial(_speaks_tls12, view, origin) if TLS_1_2 in offered else None
    )


async def _speaks_tls12(view: View, origin: Origin) -> bool:
    got = await _answer(view, origin, VERSIONS[TLS_1_2], TLS_1_2, (*FORWARD, *STATIC_RSA))
    return not isinstance(got, Silence) and server_hello(got) is not None


def _plaintext(origin: Origin, notes: Notes) -> None:
    if origin.is_loopback:
        reason = "the target speaks plain http on this machine; scan its public https URL to have TLS judged"
        notes.not_applicable("TLS", reason)
        return
    notes.plan("TLS")
    notes.tried("TLS")
    notes.finding("target.tls.absent", origin.url, content="http", excerpt="the target is named with http://")


async def _certificate(view: View, notes: Notes, origin: Origin) -> bool:
    seen = await view.client.certificate(origin)
    if isinstance(seen, Silence):
        notes.silent(_CERTIFICATE, seen)
        return False
    notes.tried(_CERTIFICATE)
    try:
        flaws = tuple(flaws_of(seen.der, origin.host, view.now))
    except ValueError as error:
        notes.incomplete.append(f"the certificate cannot be read: {error}")
        return True
    for flaw in flaws:
        notes.finding(flaw.rule, origin.url, content=flaw.content, excerpt=flaw.excerpt)
    explained = {flaw.rule for flaw in flaws}
    if seen.code in NAME_CODES or (seen.code in DATE_CODES and explained & _DATES):
        return True
    if seen.complaint:
        notes.finding("target.tls.untrusted", origin.url, content=seen.complaint, excerpt=seen.complaint)
    return True


_DATES = {"target.tls.expired", "target.tls.not-yet-valid"}


async def _version(view: View, notes: Notes, origin: Origin, name: str, version: int) -> bool:
    ciphers = MODERN if version == TLS_1_3 else (*FORWARD, *STATIC_RSA, *TRIPLE_DES, *NO_SECRET["RC4 or DES"])
    chosen = await _greet(view, notes, origin, name, version, ciphers)
    offered = chosen is not None and chosen.version == version
    if offered and version in OLD:
        notes.finding(
            "target.tls.old-version", f"{origin.url} {name}", content=name, excerpt=f"{name} is accepted"
        )
    return offered


async def _ciphers(view: View, notes: Notes, origin: Origin, name: str, ciphers: tuple[int, ...]) -> None:
    chosen = await _greet(view, notes, origin, name, TLS_1_2, ciphers)
    if chosen is None or chosen.cipher not in ciphers:
        return
    rule = "target.tls.broken-cipher"
    if name not in NO_SECRET:
        rule = "target.tls.weak-cipher" if name == "3DES" else "target.tls.no-forward-secrecy"
    excerpt = f"{name} is accepted: cipher 0x{chosen.cipher:04X}"
    notes.finding(rule, f"{origin.url} {name}", content=name, excerpt=excerpt)


async def _greet(
    view: View, notes: Notes, origin: Origin, name: str, version: int, ciphers: tuple[int, ...]
) -> ServerHello | None:
    got = await _answer(view, origin, name, version, ciphers)
    if isinstance(got, Silence) and got.why != "reset":
        notes.silent(name, got)
        return None
    # To hang up on a greeting is to refuse it.
    notes.tried(name)
    return None if isinstance(got, Silence) else server_hello(got)


async def _answer(
    view: View, origin: Origin, name: str, version: int, ciphers: tuple[int, ...]
) -> bytes | Silence:
    source = Random(f"{view.request.seed} {name}")
    hello = client_hello(version, ciphers, "" if origin.is_address else origin.host, source)
    return await view.client.hello(hello, name, _ENOUGH, origin)


async def _insistence(view: View, notes: Notes, origin: Origin) -> None:
    path = view.scope.path(view.paths()[0])
    outcome = await view.client.ask(Asked(path=path, origin=origin))
    if not isinstance(outcome, Answer):
        notes.silent(_INSIST, outcome)
        return
    notes.tried(_INSIST)
    header = outcome.header("strict-transport-security")
    rule = insistence_rule(header)
    if rule:
        excerpt = f"{_INSIST}: {'absent' if header is None else header}"
        notes.finding(rule, origin.url, content=header or "absent", excerpt=excerpt)


def insistence_rule(header: str | None) -> str:
    """The rule that a Strict-Transport-Security header breaks, empty for none; six whole months are asked here."""
    return (
        "target.tls.hsts-missing"
        if header is None
        else _HSTS.get(judge_hsts_value(header, enough=SIX_MONTHS), "")
    )


SCANNER = Scanner(
    name="tls",
    look=look,
    canaries=(
        *("target.tls.expired", "target.tls.name", "target.tls.untrusted", "target.tls.old-version"),
        *("target.tls.broken-cipher", "target.tls.no-forward-secrecy", "target.tls.hsts-missing"),
    ),
    over_tls=True,
    more=lambda request: ("target.tls.renegotiation",) if installed(request.sslyze) else (),
)
