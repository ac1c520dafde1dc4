"""verify: decide offline whether a certificate can be trusted and what it says."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, cast

from battery.cli.output import emit_json, say
from battery.cli.parser import duration

if TYPE_CHECKING:
    from datetime import datetime

    from battery.certificate.verification.demands import Demands
    from battery.certificate.verification.outcome import Verification
    from battery.definitions.gates import Gates
    from battery.model.plan import Subject
    from battery.model.policy import DemandedLevel, Policy

_LEVELS: "tuple[DemandedLevel, ...]" = ("bronze", "silver", "gold")
_MARKS = {True: "ok", False: "NO", None: "--"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add = parser.add_argument
    add("certificate", type=Path, metavar="CERT", help="a certificate.json")
    add(
        "--key",
        type=Path,
        required=True,
        metavar="PUB",
        help="the public key to trust; keys inside the certificate never are",
    )
    add("--subject", metavar="NAME@sha256:HEX", help="what is about to be deployed, by digest")
    add("--subject-file", type=Path, metavar="FILE", help="what is about to be deployed, as a file")
    add("--source", type=Path, metavar="DIR", help="what is about to be deployed, as a source tree")
    add("--level", choices=_LEVELS, help="accept this level or a better one (default: every gate passes)")
    add(
        "--max-age",
        type=duration,
        metavar="24h",
        help="refuse older certificates, whatever they allow themselves",
    )
    add("--policy", type=Path, metavar="FILE", help="a policy.toml with these demands")
    add(
        "--evidence",
        type=Path,
        metavar="RUN",
        help="the run folder: compare all evidence and recompute every verdict",
    )
    add("--resource-uri", metavar="URL", help="the target that must have been attacked")
    add("--environment", metavar="NAME", help="the environment that must have been attacked")
    add("--nonce", metavar="X", help="the nonce that certify was given")
    add("--ledger", type=Path, metavar="FILE", help="a ledger.jsonl that must hold the certificate")
    add("--checkpoint", type=Path, metavar="FILE", help="a ledger checkpoint kept elsewhere")
    add(
        "--seen",
        type=Path,
        metavar="FILE",
        help="remembers when a certificate was last accepted here; refuses a clock turned back",
    )
    add("--accept-baseline", action="store_true", help="accept placeholder evidence, to rehearse a pipeline")
    add("--json", action="store_true", help="print outcome and steps as JSON")
    parser.epilog = "exit codes: 0 accepted, 1 not certified, 2 undecided, 3 expired, 4 not trusted, 5 malformed, 64 bad usage"


def run(arguments: argparse.Namespace) -> int:
    """Verify, tell each step, exit with the outcome."""
    from battery.certificate.verification import Outcome, verify
    from battery.cli.certificate_file import read_certificate

    demands = _demands(arguments)
    verification = verify(read_certificate(arguments.certificate), demands)
    _tell(verification)
    if verification.outcome is Outcome.ACCEPTED and arguments.seen is not None:
        _remember(arguments.seen, demands)
    if arguments.json:
        emit_json(_as_json(verification))
    return int(verification.outcome)


def _demands(arguments: argparse.Namespace) -> "Demands":
    from battery import clock
    from battery.certificate.keys import read_key_file, read_public
    from battery.certificate.verification.demands import Demands
    from battery.definitions.gates import load_shipped
    from battery.definitions.policy import apply_floor, load_policy
    from battery.model.policy import Policy
    from battery.model.quantity import seconds

    policy = load_policy(arguments.policy) if arguments.policy else Policy()
    gates = load_shipped()
    ages = (arguments.max_age, seconds(policy.max_age) if policy.max_age else None)
    return Demands(
        key=read_public(read_key_file(arguments.key), str(arguments.key)),
        now=clock.now(),
        floor=apply_floor(gates.gates, policy, str(arguments.policy)),
        levels=gates.levels,
        shipped=_shipped(gates),
        accept_baseline=arguments.accept_baseline,
        subject=_subject(arguments),
        resource_uri=_agreed(arguments.resource_uri, policy.resource_uri, "--resource-uri"),
        environment=_agreed(arguments.environment, policy.environment, "--environment"),
        nonce=_agreed(arguments.nonce, policy.nonce, "--nonce"),
        level=_stricter_level(arguments.level, policy),
        waivers_allowed=policy.waivers_allowed,
        loosened_allowed=policy.loosened_allowed,
        shipped_profiles=policy.shipped_profiles,
        max_age=min((age for age in ages if age is not None), default=None),
        evidence=_evidence(arguments.evidence),
        evidence_required=policy.evidence_required,
        last_seen=_last_seen(arguments.seen),
        ledger=_bytes(arguments.ledger),
        checkpoint=_bytes(_checkpoint(arguments)),
    )


def _shipped(gates: "Gates") -> dict[str, str]:
    """This verifier's own definition files, by digest."""
    from battery.definitions.profiles import load_profiles
    from battery.model.definition import ProfileChoice

    profiles = load_profiles(ProfileChoice(), Path())
    return {file.name: file.sha256 for file in (*gates.files, *profiles.files)}


def _checkpoint(arguments: argparse.Namespace) -> Path | None:
    """The checkpoint that was kept elsewhere, or the one beside the ledger."""
    from battery.certificate.ledger import CHECKPOINT
    from battery.errors import UsageError

    if arguments.ledger is None and arguments.checkpoint is not None:
        raise UsageError("--checkpoint vouches for a ledger: give that too, with --ledger")
    if arguments.ledger is None or arguments.checkpoint is not None:
        return cast("Path | None", arguments.checkpoint)
    return cast("Path", arguments.ledger).with_name(CHECKPOINT)


def _subject(arguments: argparse.Namespace) -> "Subject | None":
    from battery.certificate import subject
    from battery.errors import UsageError

    given = [
        value for value in (arguments.subject, arguments.subject_file, arguments.source) if value is not None
    ]
    if len(given) > 1:
        raise UsageError("give one of --subject, --subject-file and --source")
    if arguments.subject is not None:
        return subject.from_digest(arguments.subject)
    if arguments.subject_file is not None:
        return subject.from_file(arguments.subject_file)
    return subject.from_tree(arguments.source) if arguments.source is not None else None


def _agreed(option: str | None, policy: str | None, name: str) -> str | None:
    """The option or the policy's word; both may speak only where they agree."""
    from battery.errors import UsageError

    if option is not None and policy is not None and option != policy:
        raise UsageError(f'{name} "{option}" contradicts the policy, which demands "{policy}"')
    return policy if option is None else option


def _stricter_level(option: "DemandedLevel | None", policy: "Policy") -> "DemandedLevel | None":
    asked = [level for level in (option, policy.level) if level is not None]
    return max(asked, key=_LEVELS.index, default=None)


def _evidence(path: Path | None) -> dict[str, bytes] | None:
    from battery.errors import UsageError
    from battery.store import PLAN, RunFolder

    if path is None:
        return None
    if not (path / PLAN).is_file():
        raise UsageError(f"--evidence: {path} is no run folder (no {PLAN})")
    return RunFolder(path).items()


def _bytes(path: Path | None) -> bytes | None:
    from battery.errors import UsageError

    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _last_seen(path: Path | None) -> "datetime | None":
    from datetime import datetime

    from battery.errors import UsageError

    if path is None:
        return None
    try:
        seen = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"--seen: {path}: is not the file that --seen writes: {error}") from error
    if seen.tzinfo is None:
        raise UsageError(f"--seen: {path}: holds a time without a zone")
    return seen


def _remember(path: Path, demands: "Demands") -> None:
    """Keep this clock's time: a later verification with an earlier one means that the clock was turned back."""
    from battery.store import write_atomically

    write_atomically(path, f"{demands.now.isoformat()}\n".encode())


def _tell(verification: "Verification") -> None:
    statement = verification.statement
    prefix = "BASELINE " if statement is not None and statement.is_baseline else ""
    for step in verification.steps:
        say(f"{prefix}{step.number:>3} {_MARKS[step.ok]}  {step.name}: {step.reason}")
    verdict = (
        "ACCEPTED"
        if verification.outcome == 0
        else f"REFUSED ({verification.outcome.name.lower().replace('_', ' ')})"
    )
    say(f"{prefix}{verdict}: {verification.reason}")


def _as_json(verification: "Verification") -> dict[str, object]:
    statement = verification.statement
    facts: dict[str, object] = {}
    if statement is not None:
        predicate = statement.predicate
        facts = {
            "baseline": statement.is_baseline,
            "result": predicate.verification_result,
            "level": predicate.level,
            "subject": statement.subject,
            "timeVerified": predicate.time_verified,
        }
    return {
        "outcome": verification.outcome.name,
        "exit": int(verification.outcome),
        "reason": verification.reason,
        "certificate": verification.certificate,
        **facts,
        "steps": verification.steps,
    }
