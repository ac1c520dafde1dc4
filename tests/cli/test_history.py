"""battery history: the ledger for people, and its verification for pipelines."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from battery.certificate import ledger
from battery.cli import main
from tests.fakes.certified_run import MADE, OTHER_SIGNER, SIGNER


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An artifacts folder with a ledger of two lines, and two public keys."""
    for number in range(2):
        verdict = ("PASSED", "gold") if number else ("FAILED", "none")
        time = MADE + timedelta(hours=number)
        ledger.append(tmp_path, str(number) * 64, time, f"run-{number}", verdict, SIGNER)
    (tmp_path / "battery.pub").write_bytes(SIGNER.public.pem)
    (tmp_path / "other.pub").write_bytes(OTHER_SIGNER.public.pem)
    return tmp_path


def history(out: Path, *options: str, key: str = "") -> int:
    keys = ["--key", str(out / key)] if key else []
    return main(["history", "--out", str(out), *keys, *options])


def test_a_person_sees_a_line_for_each_certificate(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(out) == 0
    assert capsys.readouterr().err.splitlines() == [
        "   0  2026-03-01 12:00:00+00:00  FAILED     none    run-0  0000000000000000",
        "   1  2026-03-01 13:00:00+00:00  PASSED     gold    run-1  1111111111111111",
        "2 certificates; chain unbroken, no checkpoint given",
    ]


def test_a_machine_reads_the_entries(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(out, "--verify", "--json", key="battery.pub") == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["run"] for entry in found["entries"]] == ["run-0", "run-1"]
    assert found["note"] == "chain unbroken, 2 lines vouched for"


def test_an_edited_ledger_is_broken(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = out / ledger.LEDGER
    path.write_bytes(path.read_bytes().replace(b"FAILED", b"PASSED"))
    assert history(out, "--json") == 4
    found = capsys.readouterr()
    assert "BROKEN: line 1 does not follow" in found.err
    assert "line 1" in json.loads(found.out)["broken"]


def test_a_truncated_ledger_is_broken_against_a_kept_checkpoint(out: Path) -> None:
    kept = out / "kept"
    kept.write_bytes((out / ledger.CHECKPOINT).read_bytes())
    first = (out / ledger.LEDGER).read_bytes().splitlines(keepends=True)[0]
    (out / ledger.LEDGER).write_bytes(first)
    (out / ledger.CHECKPOINT).write_bytes(ledger.sign_checkpoint([first.rstrip()], MADE, SIGNER))
    assert history(out, "--verify", key="battery.pub") == 0
    assert history(out, "--verify", "--checkpoint", str(kept), key="battery.pub") == 4


def test_another_key_and_a_checkpoint_that_is_gone_are_broken(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history(out, "--verify", key="other.pub") == 4
    (out / ledger.CHECKPOINT).unlink()
    assert history(out, "--verify", key="battery.pub") == 4
    assert "is gone" in capsys.readouterr().err


def test_verification_without_a_key_would_prove_nothing_and_is_bad_usage(out: Path) -> None:
    assert history(out, "--verify") == 64
    assert history(out, "--checkpoint", str(out / ledger.CHECKPOINT)) == 64


def test_what_cannot_be_read_is_one_line_and_exit_64(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(out / "absent") == 64
    assert history(out, "--checkpoint", str(out / "absent"), key="battery.pub") == 64
    assert history(out, key="absent.pub") == 64
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_hostile_text_in_a_ledger_stays_on_its_line(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.append(
        out, "2" * 64, MADE + timedelta(hours=3), "x\n9 certificates; \x1b[2J", ("PASSED", "gold"), SIGNER
    )
    assert history(out) == 0
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert len(err.splitlines()) == 4
