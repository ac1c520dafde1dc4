"""Step 17: the certificate stands in the ledger, in its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from battery.certificate import ledger
from battery.certificate.verification import Outcome, verify
from battery.store import sha256
from tests.fakes.certified_run import (
    LATER,
    MADE,
    OTHER_SIGNER,
    SIGNER,
    CertifiedRun,
    certify,
    forge,
    make_demands,
    refused,
)


@pytest.fixture
def first(tmp_path: Path) -> CertifiedRun:
    """The ledger's first certificate."""
    return enter(tmp_path, certify())


def enter(folder: Path, certified: CertifiedRun) -> CertifiedRun:
    predicate = certified.statement.predicate
    verdict = (predicate.verification_result, predicate.level)
    ledger.append(folder, sha256(certified.payload), MADE, predicate.run.id, verdict, SIGNER)
    return certified


def files(folder: Path) -> dict[str, bytes]:
    return {
        "ledger": (folder / ledger.LEDGER).read_bytes(),
        "checkpoint": (folder / ledger.CHECKPOINT).read_bytes(),
    }


def test_a_certificate_in_its_place_is_accepted(tmp_path: Path, first: CertifiedRun) -> None:
    second = enter(tmp_path, certify(previous=ledger.head(tmp_path)))
    for certified in (first, second):
        verification = verify(certified.bundle, make_demands(**files(tmp_path)))
        assert verification.outcome is Outcome.ACCEPTED
        assert "2 lines vouched for" in verification.steps[16].reason


def test_a_certificate_that_is_not_in_the_ledger_is_refused(tmp_path: Path, first: CertifiedRun) -> None:
    other = certify(previous="0" * 64)
    assert "does not stand" in refused(other.bundle, Outcome.NOT_TRUSTED, 17, make_demands(**files(tmp_path)))
    refused(first.bundle, Outcome.NOT_TRUSTED, 17, make_demands(ledger=b""))


def test_a_certificate_that_names_another_predecessor_is_refused(tmp_path: Path, first: CertifiedRun) -> None:
    second = enter(tmp_path, certify(previous="0" * 64))
    reason = refused(second.bundle, Outcome.NOT_TRUSTED, 17, make_demands(**files(tmp_path)))
    assert "predecessor" in reason


def test_a_line_that_tells_another_verdict_is_refused(tmp_path: Path, certified: CertifiedRun) -> None:
    ledger.append(
        tmp_path, sha256(certified.payload), MADE, certified.run.plan.run, ("FAILED", "none"), SIGNER
    )
    reason = refused(certified.bundle, Outcome.NOT_TRUSTED, 17, make_demands(**files(tmp_path)))
    assert "another verdict" in reason


def test_a_broken_ledger_and_a_checkpoint_by_another_key_are_refused(
    tmp_path: Path, first: CertifiedRun
) -> None:
    held = files(tmp_path)
    torn = make_demands(ledger=held["ledger"][:-1], checkpoint=held["checkpoint"])
    refused(first.bundle, Outcome.NOT_TRUSTED, 17, torn)
    lines = held["ledger"].splitlines()
    foreign = ledger.sign_checkpoint(lines, MADE, OTHER_SIGNER)
    refused(first.bundle, Outcome.NOT_TRUSTED, 17, make_demands(ledger=held["ledger"], checkpoint=foreign))


def test_a_clock_before_the_ledger_s_last_line_is_refused(tmp_path: Path, certified: CertifiedRun) -> None:
    enter(tmp_path, certified)
    for minutes, expected in ((4, Outcome.ACCEPTED), (6, Outcome.EXPIRED)):
        late = tmp_path / str(minutes)
        late.mkdir()
        enter(late, certified)
        ledger.append(late, "0" * 64, LATER + timedelta(minutes=minutes), "r", ("PASSED", "gold"), SIGNER)
        verification = verify(certified.bundle, make_demands(**files(late)))
        assert verification.outcome is expected


def test_a_forged_statement_is_refused_before_the_ledger_is_read(tmp_path: Path, first: CertifiedRun) -> None:
    data = forge(first, {"predicate.level": "none"})
    refused(data, Outcome.NOT_TRUSTED, 15, make_demands(**files(tmp_path)))
