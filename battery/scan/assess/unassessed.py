"""Rules without cases, each with the reason: a list that is checked, so that no rule is forgotten."""

_NEWER_BANDIT = (
    "speaks only of tests that a newer bandit brings; what is not known counts, whatever its precision"
)
_NEEDS_SCHEMATHESIS = "what is found depends on what schemathesis generates within its time; its canaries run in every scan with it"

UNASSESSED: dict[str, str] = {
    "code.unknown.high": _NEWER_BANDIT,
    "code.unknown.medium": _NEWER_BANDIT,
    "code.unknown.low": _NEWER_BANDIT,
    "secrets.unknown": "speaks only of kinds that a newer detect-secrets brings; what is not known counts, whatever its precision",
    "target.fuzz.server-error": _NEEDS_SCHEMATHESIS,
    "target.fuzz.schema-violation": _NEEDS_SCHEMATHESIS,
    "target.fuzz.ignored-auth": _NEEDS_SCHEMATHESIS,
}
