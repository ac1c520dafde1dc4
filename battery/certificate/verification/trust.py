"""Steps 8 to 11: is it the right kind of statement, about the right thing, by rules that are strict enough?"""

import re

from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import NotAsked, Outcome, Refusal
from battery.definitions.floor import ABSENT, changes
from battery.definitions.profiles import PROFILE
from battery.model.certificate import BASELINE_TYPE, CERTIFICATE_TYPE, Statement
from battery.model.gate import Gate, Rule, judged_at
from battery.model.verdict import GateVerdict

_NAMED = 3  # a reason is one line
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_predicate_type(statement: Statement, demands: Demands) -> str:
    """8: a real run's type, or a baseline's where the caller accepts that."""
    kind = statement.predicate_type
    if kind not in (CERTIFICATE_TYPE, BASELINE_TYPE):
        raise Refusal(Outcome.NOT_TRUSTED, f'predicate type "{kind[:100]}", expected {CERTIFICATE_TYPE}')
    if (kind == BASELINE_TYPE) != (statement.predicate.run.mode == "baseline"):
        raise Refusal(Outcome.NOT_TRUSTED, f"predicate type {kind} over a {statement.predicate.run.mode} run")
    if kind == BASELINE_TYPE and not demands.accept_baseline:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            "BASELINE: placeholder evidence, nothing was measured (--accept-baseline rehearses)",
        )
    return f"BASELINE, accepted on request: {kind}" if kind == BASELINE_TYPE else kind


def check_subject(statement: Statement, demands: Demands) -> str:
    """9: exactly one subject with one sha256, equal to the one that the caller holds."""
    if len(statement.subject) != 1 or set(statement.subject[0].digest) != {"sha256"}:
        raise Refusal(Outcome.NOT_TRUSTED, "expected exactly one subject with exactly one sha256")
    signed = statement.subject[0]
    if not _SHA256.fullmatch(signed.digest["sha256"]):
        raise Refusal(Outcome.NOT_TRUSTED, "the subject's sha256 is not 64 lower-case hex digits")
    if demands.subject is None:
        raise NotAsked(f"no subject was given to compare with; the certificate is about {signed.name}")
    if demands.subject.sha256 != signed.digest["sha256"]:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"the certificate is about {signed.name} sha256:{signed.digest['sha256']}, "
            f"not about {demands.subject.name} sha256:{demands.subject.sha256}",
        )
    return f"{signed.name} sha256:{signed.digest['sha256']}"


def check_context(statement: Statement, demands: Demands) -> str:
    """10: target URL, environment and nonce where the caller asks."""
    predicate = statement.predicate
    asked = {
        "resourceUri": (demands.resource_uri, predicate.resource_uri),
        "environment": (demands.environment, predicate.environment),
        "nonce": (demands.nonce, predicate.run.nonce),
    }
    wanted = {name: pair for name, pair in asked.items() if pair[0] is not None}
    for name, (expected, signed) in wanted.items():
        if expected != signed:
            raise Refusal(Outcome.NOT_TRUSTED, f'{name} is "{signed}", expected "{expected}"')
    if not wanted:
        raise NotAsked("nobody asked for a resourceUri, environment or nonce")
    return ", ".join(f"{name} {expected}" for name, (expected, _) in wanted.items())


def check_floor(statement: Statement, demands: Demands) -> str:
    """11: each of the verifier's rules was judged, at least as strictly."""
    if not demands.floor:
        raise Refusal(
            Outcome.NOT_TRUSTED, "the verifier has no gates to compare with; an empty floor accepts nothing"
        )
    gates = statement.predicate.gates
    _check_unique("gate", [gate.gate for gate in gates])
    for gate in gates:
        _check_unique(f"rule of {gate.gate}", [rule.rule for rule in gate.rules])
    floor = judged_at(demands.floor, statement.predicate.run.intensity)
    found = changes(floor, [_as_gate(gate) for gate in gates])
    loosened = [change for change in found if change.loosened and change.rule not in demands.loosened_allowed]
    if loosened:
        first = loosened[0]
        judged = "not judged" if first.used == ABSENT else f"judged as {first.used}"
        named = [f'"{change.rule}"' for change in loosened[:_NAMED]]
        more = f"; and {len(loosened) - _NAMED} more" if len(loosened) > _NAMED else ""
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"{first.rule} was {judged}, this verifier demands {first.shipped}; "
            f"a policy may allow it: loosened_allowed = [{', '.join(named)}]{more}",
        )
    _check_profiles(statement, demands)
    foreign = _foreign_files(statement, demands)
    profiles = [name for name in foreign if name.startswith("profiles/")]
    if demands.shipped_profiles and profiles:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"{profiles[0]} is not this verifier's, and the policy demands shipped profiles",
        )
    tail = f"; other than this verifier's: {', '.join(foreign)}" if foreign else ""
    return f"all {sum(len(gate.rule) for gate in floor)} rules judged, at least as strictly{tail}"


def _check_profiles(statement: Statement, demands: Demands) -> None:
    """A shipped profile that was replaced is allowed by name only: a thinner load passes what the shipped one would not."""
    for change in statement.predicate.policy.changes:
        if change.rule.startswith(PROFILE) and change.rule not in demands.loosened_allowed:
            raise Refusal(
                Outcome.NOT_TRUSTED,
                f"{change.rule} was {change.used}, this verifier demands {change.shipped} "
                "(a policy may allow it: loosened_allowed)",
            )


def _check_unique(what: str, names: list[str]) -> None:
    """Of two that share a name, only one would be compared."""
    if twice := [name for name in names if names.count(name) > 1]:
        raise Refusal(Outcome.NOT_TRUSTED, f"the {what} {twice[0]} stands twice")


def _foreign_files(statement: Statement, demands: Demands) -> list[str]:
    """The definition files that are not byte for byte this verifier's, and those of its own that are absent."""
    used = statement.predicate.policy.files
    differing = [file.name for file in used if demands.shipped.get(file.name) != file.sha256]
    absent = demands.shipped.keys() - {file.name for file in used}
    return sorted({*differing, *absent})


def _as_gate(verdict: GateVerdict) -> Gate:
    """The rules that a gate was judged by, read back from its verdict."""
    rules = tuple(
        Rule(
            id=rule.rule,
            measure=rule.measure,
            operator=rule.operator,
            limit=rule.limit,
            unit=rule.unit,
            bound=rule.bound,
            samples=rule.samples,
            counts=rule.counts,
            why="",
            next_step="",
        )
        for rule in verdict.rules
    )
    return Gate(id=verdict.gate, title=verdict.title, why="", instrument="", rule=rules)
