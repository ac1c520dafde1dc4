"""show: print what a certificate says, without trusting it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import emit_json, say

if TYPE_CHECKING:
    from battery.model.certificate import Statement

_MALFORMED = 5
_WARNING = "NOT VERIFIED: show checks no signature; use `battery verify CERT --key PUB`"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("certificate", type=Path, metavar="CERT", help="a certificate.json")
    parser.add_argument(
        "--as",
        dest="view",
        choices=("vsa", "svr", "statement"),
        help="print a SLSA VSA, an in-toto SVR or the statement on stdout",
    )
    parser.add_argument("--json", action="store_true", help="print the statement as JSON (as --as statement)")
    parser.epilog = (
        "show checks no signature; `battery verify` does. exit codes: 0 printed, 5 malformed, 64 bad usage"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print it for a person, or as one of its views."""
    import hashlib

    import msgspec

    from battery.certificate.bundle import read_bundle
    from battery.certificate.dsse import decode64
    from battery.certificate.one_line import one_line
    from battery.certificate.strict_json import parse
    from battery.certificate.views import as_svr, as_vsa
    from battery.cli.certificate_file import read_certificate
    from battery.model.certificate import Statement

    try:
        payload = decode64(read_bundle(read_certificate(arguments.certificate)).dsse_envelope.payload)
        statement = msgspec.convert(parse(payload), Statement)
    except (ValueError, msgspec.ValidationError) as error:
        say(one_line(f"{arguments.certificate}: malformed: {error}"))
        if arguments.json:
            emit_json({"error": f"malformed: {error}", "exit": _MALFORMED})
        return _MALFORMED
    digest = hashlib.sha256(payload).hexdigest()
    if arguments.view == "vsa":
        emit_json(as_vsa(statement, digest))
    elif arguments.view == "svr":
        emit_json(as_svr(statement, digest))
    elif arguments.view == "statement" or arguments.json:
        emit_json(statement)
    else:
        _tell(statement, digest)
    say(_WARNING)
    return 0


def _tell(statement: "Statement", digest: str) -> None:
    from battery.certificate.one_line import one_line

    predicate = statement.predicate
    mark = "BASELINE " if statement.is_baseline else ""
    subject = statement.subject[0] if statement.subject else None
    lines = [
        f"result       {predicate.verification_result}, level {predicate.level}",
        f"subject      {subject.name} sha256:{subject.digest.get('sha256', '?')}"
        if subject
        else "subject      none",
        f"target       {predicate.resource_uri or 'none'}  {predicate.environment}".rstrip(),
        f"made         {predicate.time_verified.isoformat()}, valid until {predicate.valid_until.isoformat()}",
        f"run          {predicate.run.id}, {predicate.run.mode}, {predicate.run.intensity}",
        *(f"{gate.gate:<12} {gate.status:<10} {gate.title}" for gate in predicate.gates),
        *(
            f"capability   {row.title}: {'; '.join((row.status, *row.reasons))}"
            for row in predicate.capabilities
        ),
        *(
            f"loosened     {change.rule}: {change.used}, shipped {change.shipped}"
            for change in predicate.policy.changes
            if change.loosened
        ),
        *(
            f"waiver       {use.waiver.name}: {use.state} ({use.waiver.owner}: {use.waiver.reason})"
            for use in predicate.waivers
        ),
        f"evidence     {len(predicate.evidence.items)} items, root {predicate.evidence.merkle_root}",
        f"certificate  {digest}",
    ]
    for line in lines:
        say(mark + one_line(line))
