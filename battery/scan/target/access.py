"""Access: every operation tried by every identity. Protected means 401 or 403, and the right one gets 2xx."""

from battery.model.security import AccessRule, ScanIdentity
from battery.scan.target.answer import Answer, Outcome, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.notes import Notes
from battery.scan.target.view import Scanner, View

_SAFE = ("GET", "HEAD", "OPTIONS")
_NOBODY = ScanIdentity(name="nobody")
_RULES = {
    "valid": "target.access.wrong-role",
    "wrong_role": "target.access.wrong-role",
    "expired": "target.access.expired",
    "other_tenant": "target.access.other-tenant",
}


async def look(view: View, notes: Notes) -> None:
    """Fill the matrix, one operation after the other."""
    if not view.request.access:
        _none(view, notes)
    known = {identity.name: identity for identity in view.request.identities}
    for rule in view.request.access:
        cells = {name: f"{rule.name} by {name}" for name in (_NOBODY.name, *known)}
        notes.plan(*cells.values())
        if problem := _unusable(rule, known):
            for cell in cells.values():
                notes.skip(cell, problem)
            continue
        if not await _proven(view, notes, rule, known, cells):
            continue
        for identity in (_NOBODY, *known.values()):
            if identity.name not in rule.allowed:
                await _denied(view, notes, rule, identity, cells[identity.name])


def _none(view: View, notes: Notes) -> None:
    if view.request.public:
        notes.not_applicable(
            "the access matrix", "the target is declared public: no operation needs an identity"
        )
        return
    notes.plan("the access matrix")
    notes.skip(
        "the access matrix",
        "no operation says who may carry it out; name them with their identities, or declare the target public",
    )


def _unusable(rule: AccessRule, known: dict[str, ScanIdentity]) -> str:
    if rule.method.upper() not in _SAFE and not rule.may_run:
        return f"{rule.method} may change data; allow it with may_run, or leave the operation out"
    unknown = [name for name in rule.allowed if name not in known]
    if unknown or not rule.allowed:
        return f"allowed names {', '.join(unknown) or 'nobody'}; identities: {', '.join(known) or 'none'}"
    return ""


async def _proven(
    view: View, notes: Notes, rule: AccessRule, known: dict[str, ScanIdentity], cells: dict[str, str]
) -> bool:
    """Whether those who may, can: only then does a refusal to others mean anything."""
    proven = True
    for name in rule.allowed:
        outcome = await _call(view, rule, known[name])
        if isinstance(outcome, Answer) and 200 <= outcome.status < 300:
            notes.tried(cells[name])
            continue
        got = outcome.reason if isinstance(outcome, Silence) else f"status {outcome.status}"
        notes.skip(cells[name], f"{name} may do this and got {got} instead of 2xx: nothing is proven")
        proven = False
    if not proven:
        for name, cell in cells.items():
            if name not in rule.allowed:
                notes.skip(cell, "the identities that may do this could not: a refusal would prove nothing")
    return proven


async def _denied(view: View, notes: Notes, rule: AccessRule, identity: ScanIdentity, cell: str) -> None:
    outcome = await _call(view, rule, identity)
    if isinstance(outcome, Silence):
        notes.silent(cell, outcome)
        return
    if outcome.status == 429:
        notes.skip(cell, "answered 429: whether it is refused was not seen")
        return
    notes.tried(cell)
    if outcome.status in (401, 403) or (rule.hides and outcome.status == 404):
        return
    got_in = 200 <= outcome.status < 300
    name = "target.access.unauthenticated" if identity is _NOBODY else _RULES[identity.kind]
    notes.finding(
        name if got_in else "target.access.unclear",
        f"{rule.method} {outcome.url.partition('?')[0]} as {identity.name}",
        content=f"{rule.method} {rule.path} {identity.name}",
        excerpt=f"{identity.name} gets status {outcome.status}; expected 401 or 403",
        detail=f"operation {rule.name}, allowed to {', '.join(rule.allowed)}",
    )


async def _call(view: View, rule: AccessRule, identity: ScanIdentity) -> Outcome:
    return await view.client.ask(
        Asked(
            method=rule.method.upper(),
            path=view.scope.path(rule.path),
            headers=(*rule.headers.items(), *identity.headers.items()),
            body=rule.body.encode() if rule.body else None,
            anonymous=True,
            secret=bool(identity.headers or rule.headers),
        )
    )


SCANNER = Scanner(
    name="access",
    look=look,
    canaries=("target.access.unauthenticated", *dict.fromkeys(_RULES.values()), "target.access.unclear"),
)
