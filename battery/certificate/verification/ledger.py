"""Step 17: the certificate stands in the ledger, in its place."""

from battery.certificate.ledger import LedgerBroken, in_words, read_ledger
from battery.certificate.verification.content import CLOCK_SKEW
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import NotAsked, Outcome, Refusal
from battery.model.certificate import Statement


def check_ledger(certificate: str, statement: Statement, demands: Demands) -> str:
    """17: an unbroken ledger holds the certificate right after the one that it names."""
    if demands.ledger is None:
        raise NotAsked("no ledger was given")
    try:
        ledger = read_ledger(demands.ledger, demands.checkpoint, demands.key)
    except LedgerBroken as error:
        raise Refusal(Outcome.NOT_TRUSTED, f"the ledger is broken: {error}") from error
    entry = next((entry for entry in ledger.entries if entry.certificate == certificate), None)
    if entry is None:
        raise Refusal(Outcome.NOT_TRUSTED, "the certificate does not stand in the ledger")
    before = ledger.entries[entry.seq - 1].certificate if entry.seq else ""
    if statement.predicate.previous_certificate != before:
        raise Refusal(
            Outcome.NOT_TRUSTED, f"the certificate names another predecessor than ledger line {entry.seq}"
        )
    predicate = statement.predicate
    result = in_words(predicate.verification_result, predicate.run.mode)
    if (entry.run, entry.result, entry.level) != (predicate.run.id, result, predicate.level):
        raise Refusal(Outcome.NOT_TRUSTED, f"ledger line {entry.seq} tells another verdict or run")
    if ledger.entries[-1].time - demands.now > CLOCK_SKEW:
        raise Refusal(Outcome.EXPIRED, "this clock stands before the ledger's last entry")
    return f"line {entry.seq} of {len(ledger.entries)}, {ledger.note}"
