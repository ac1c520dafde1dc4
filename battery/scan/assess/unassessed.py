"""Rules that are not measured, each with the reason: a list that is checked, so that no rule is forgotten."""

_NEWER_BANDIT = "speaks only of tests that a newer bandit brings: with this one no case can make it speak"
_NEEDS_SCHEMATHESIS = (
    "schemathesis is no part of an installation, and each version of it draws other requests; "
    "every scan with it has to find this defect on a server of the battery's own"
)
_NO_SUCH_SERVER = "sslyze is no part of an installation, and no server with this defect is planted here: sslyze's own tests vouch for it"
_NEEDS_SSLYZE = "sslyze is no part of an installation; every scan with it has to find this defect on a server of the battery's own"

UNASSESSED: dict[str, str] = {
    "code.unknown.high": _NEWER_BANDIT,
    "code.unknown.medium": _NEWER_BANDIT,
    "code.unknown.low": _NEWER_BANDIT,
    "secrets.unknown": "speaks only of kinds that a newer detect-secrets brings: with this one no case can make it speak",
    "target.tls.heartbleed": _NO_SUCH_SERVER,
    "target.tls.ccs-injection": _NO_SUCH_SERVER,
    "target.tls.robot": _NO_SUCH_SERVER,
    "target.tls.compression": _NO_SUCH_SERVER,
    "target.tls.renegotiation": _NEEDS_SSLYZE,
    "target.fuzz.server-error": _NEEDS_SCHEMATHESIS,
    "target.fuzz.schema-violation": _NEEDS_SCHEMATHESIS,
    "target.fuzz.ignored-auth": _NEEDS_SCHEMATHESIS,
}
