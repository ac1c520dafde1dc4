"""battery verify: what a person sees, what a machine reads, and the exit code for each outcome."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from battery import clock
from battery.certificate import ledger
from battery.certificate.bundle import SIZE_CAP
from battery.certificate.dsse import encode64
from battery.cli import main
from battery.store import sha256
from tests.fakes.certified_run import (
    ARTIFACT,
    OTHER_SIGNER,
    SIGNER,
    CertifiedRun,
    certify,
    forge,
    make_evidence,
    make_plan,
)

ACCEPTED, NOT_CERTIFIED, UNDECIDED, EXPIRED, NOT_TRUSTED, MALFORMED, USAGE = 0, 1, 2, 3, 4, 5, 64


def fresh(age: timedelta = timedelta(seconds=10), **plan: Any) -> CertifiedRun:
    """A certificate that was made a moment ago by the clock of this machine."""
    finished = clock.now() - age
    return certify(make_plan(**plan), finished=finished)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run, its artifact and two public keys, which is the current one."""
    (tmp_path / "battery.pub").write_bytes(SIGNER.public.pem)
    (tmp_path / "other.pub").write_bytes(OTHER_SIGNER.public.pem)
    (tmp_path / "shop.tar").write_bytes(ARTIFACT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> CertifiedRun:
    """A real run on disk, under ./run."""
    certified = fresh()
    certified.write(folder / "run")
    return certified


def verify(*options: str, certificate: str = "run/certificate.json", key: str = "battery.pub") -> int:
    return main(["verify", certificate, "--key", key, *options])


def test_a_person_sees_each_step_and_the_verdict(
    run: CertifiedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("--subject-file", "shop.tar", "--evidence", "run", "--level", "gold") == ACCEPTED
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line[:7] for line in lines[:-1]] == [
        f"{number:>3} {'--' if number in (10, 17) else 'ok'} " for number in range(1, 19)
    ]
    assert lines[-1] == "ACCEPTED: every step holds"
    assert f" 9 ok  subject: shop.tar sha256:{hashlib.sha256(ARTIFACT).hexdigest()}" in err
    assert "15 ok  verdicts: every verdict recomputed from the evidence" in err


def test_a_machine_reads_the_same_on_stdout(run: CertifiedRun, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify("--json") == ACCEPTED
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["exit"], found["baseline"]) == ("ACCEPTED", 0, False)
    assert (found["result"], found["level"]) == ("PASSED", "gold")
    assert found["certificate"] == sha256(run.payload)
    assert [step["number"] for step in found["steps"]] == list(range(1, 19))


def test_a_refusal_names_its_step_and_is_json_too(
    run: CertifiedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("--json", key="other.pub") == NOT_TRUSTED
    out, err = capsys.readouterr()
    assert "  5 NO  signature: the signature does not verify under the given key" in err
    assert err.splitlines()[-1].startswith("REFUSED (not trusted): the signature does not verify")
    found = json.loads(out)
    assert (found["outcome"], found["exit"]) == ("NOT_TRUSTED", 4)
    assert "level" not in found, "nothing unsigned is told"


def test_one_changed_payload_byte_is_not_trusted(run: CertifiedRun, folder: Path) -> None:
    changed = bytearray(run.payload)
    changed[len(changed) // 2] ^= 1
    data = run.bundle.replace(encode64(run.payload).encode(), base64.b64encode(changed))
    (folder / "changed.json").write_bytes(data)
    assert verify(certificate="changed.json") == NOT_TRUSTED


def test_a_file_cut_in_half_is_malformed(run: CertifiedRun, folder: Path) -> None:
    (folder / "half.json").write_bytes(run.bundle[: len(run.bundle) // 2])
    assert verify(certificate="half.json") == MALFORMED


def test_an_empty_and_a_huge_file_are_malformed_at_once(folder: Path) -> None:
    (folder / "empty.json").write_bytes(b"")
    assert verify(certificate="empty.json") == MALFORMED
    with (folder / "huge.json").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert verify(certificate="huge.json") == MALFORMED


def test_a_certificate_file_is_never_read_past_the_cap(folder: Path) -> None:
    from battery.cli.certificate_file import read_certificate

    with (folder / "huge.json").open("wb") as file:
        file.truncate(1 << 40)
    assert len(read_certificate(folder / "huge.json")) == SIZE_CAP + 1


def test_a_baseline_is_refused_and_accepted_only_on_request(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh(mode="baseline").write(folder / "run")
    assert verify() == NOT_TRUSTED
    assert verify("--accept-baseline", "--evidence", "run") == ACCEPTED
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith("BASELINE ")


def test_a_failing_baseline_is_accepted_as_one_and_not_certified(folder: Path) -> None:
    plan = make_plan(mode="baseline", scenario="failing")
    failed = certify(plan, make_evidence(plan, {"coverage.line": 1.0}), finished=clock.now())
    failed.write(folder / "run")
    assert verify() == NOT_TRUSTED
    assert verify("--accept-baseline") == NOT_CERTIFIED


def test_a_certificate_over_its_maximum_age_has_expired(folder: Path) -> None:
    fresh(age=timedelta(seconds=2)).write(folder / "run")
    assert verify() == ACCEPTED
    assert verify("--max-age", "1s") == EXPIRED
    assert verify("--max-age", "1h") == ACCEPTED
    assert verify("--max-age", "99999d") == ACCEPTED


def test_an_undecided_certificate_is_undecided(folder: Path) -> None:
    plan = make_plan()
    left_out = make_plan(checks=plan.checks[1:], not_run=plan.checks[:1])
    certify(left_out, finished=clock.now()).write(folder / "run")
    assert verify() == UNDECIDED


def test_another_artifact_digest_or_tree_is_not_trusted(run: CertifiedRun, folder: Path) -> None:
    (folder / "other.tar").write_bytes(b"another build")
    digest = hashlib.sha256(ARTIFACT).hexdigest()
    assert verify("--subject-file", "other.tar") == NOT_TRUSTED
    assert verify("--source", "run") == NOT_TRUSTED
    assert verify("--subject", f"any-name@sha256:{digest}") == ACCEPTED
    assert verify("--subject", f"shop.tar@sha256:{'0' * 64}") == NOT_TRUSTED


@pytest.mark.parametrize(
    ("option", "right", "wrong"),
    [
        ("--nonce", "a-nonce", ""),
        ("--environment", "staging", "production"),
        ("--resource-uri", "https://shop.example", "https://shop.example/"),
    ],
)
def test_nonce_environment_and_target_must_be_the_demanded_ones(
    run: CertifiedRun, option: str, right: str, wrong: str
) -> None:
    assert verify(option, right) == ACCEPTED
    assert verify(option, wrong) == NOT_TRUSTED


def test_changed_evidence_is_not_trusted(run: CertifiedRun, folder: Path) -> None:
    plan = folder / "run" / "plan.json"
    plan.write_bytes(plan.read_bytes() + b"\n")
    assert verify("--evidence", "run") == NOT_TRUSTED


def test_a_link_or_a_folder_among_the_evidence_is_not_trusted(run: CertifiedRun, folder: Path) -> None:
    (folder / "run" / "evidence" / "link.json").symlink_to("../plan.json")
    assert verify("--evidence", "run") == NOT_TRUSTED
    (folder / "run" / "evidence" / "link.json").unlink()
    (folder / "run" / "blobs" / "folder").mkdir()
    assert verify("--evidence", "run") == NOT_TRUSTED


def test_a_run_folder_without_its_evidence_folder_is_not_trusted(
    run: CertifiedRun, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "run" / "evidence").rename(folder / "run" / "elsewhere")
    assert verify("--evidence", "run") == NOT_TRUSTED
    assert "cannot be read" in capsys.readouterr().err


def test_the_evidence_of_another_run_is_not_trusted(run: CertifiedRun, folder: Path) -> None:
    fresh(run="20260301-110001-fedcba").write(folder / "another")
    assert verify("--evidence", "another") == NOT_TRUSTED


def test_hostile_text_in_a_certificate_cannot_fake_a_verdict_on_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "x\nACCEPTED: every step holds\x1b[1A\u202e"
    (folder / "evil.json").write_bytes(json.dumps({evil: 1}).encode())
    (folder / "named.json").write_bytes(forge(fresh(), {"subject.0.name": evil}))
    assert verify("--json", certificate="evil.json") == MALFORMED
    assert verify("--json", certificate="named.json") == ACCEPTED
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert [line for line in err.splitlines() if line.startswith("ACCEPTED")] == [
        "ACCEPTED: every step holds"
    ]


def test_half_a_surrogate_pair_is_malformed_in_words_and_in_json(folder: Path) -> None:
    (folder / "half.json").write_bytes(b'{"mediaType":"\\ud800"}')
    assert verify("--json", certificate="half.json") == MALFORMED


def policy(folder: Path, text: str) -> str:
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    return "policy.toml"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", ACCEPTED),
        ('level = "gold"', ACCEPTED),
        ('max_age = "1 h"', ACCEPTED),
        ('max_age = "5 s"', EXPIRED),
        ('resource_uri = "https://shop.example"', ACCEPTED),
        ('resource_uri = "https://other.example"', NOT_TRUSTED),
        ('environment = "production"', NOT_TRUSTED),
        ('nonce = "fresh"', NOT_TRUSTED),
        ("evidence_required = true", NOT_TRUSTED),
        ("shipped_profiles = true", ACCEPTED),
        ("waivers_allowed = 0", ACCEPTED),
        ('[limit]\n"G2:load.p3.p99" = 500', NOT_TRUSTED),
        ('loosened_allowed = ["G2:load.p3.p99"]', ACCEPTED),
        ('loosened_allowed = ["G2:load.p3.p9"]', USAGE),
        ('[limit]\n"G2:load.p3" = 500', USAGE),
        ('levle = "gold"', USAGE),
    ],
)
def test_a_policy_demands(run: CertifiedRun, folder: Path, text: str, outcome: int) -> None:
    assert verify("--policy", policy(folder, text)) == outcome


def test_a_policy_that_demands_the_evidence_is_satisfied_by_it(run: CertifiedRun, folder: Path) -> None:
    demanding = policy(folder, "evidence_required = true")
    assert verify("--policy", demanding, "--evidence", "run") == ACCEPTED


def test_the_stricter_of_option_and_policy_counts(run: CertifiedRun, folder: Path) -> None:
    assert verify("--policy", policy(folder, 'max_age = "5 s"'), "--max-age", "1h") == EXPIRED
    assert verify("--policy", policy(folder, 'max_age = "1 h"'), "--max-age", "5s") == EXPIRED
    plan = make_plan(intensity="smoke")
    certify(plan, finished=clock.now()).write(folder / "run")
    assert verify("--level", "silver") == ACCEPTED
    assert verify("--level", "bronze", "--policy", policy(folder, 'level = "gold"')) == NOT_CERTIFIED
    assert verify("--level", "gold", "--policy", policy(folder, 'level = "bronze"')) == NOT_CERTIFIED


def test_an_option_that_contradicts_the_policy_is_bad_usage(
    run: CertifiedRun, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("--policy", policy(folder, 'nonce = "a-nonce"'), "--nonce", "a-nonce") == ACCEPTED
    assert verify("--policy", policy(folder, 'nonce = "a-nonce"'), "--nonce", "other") == USAGE
    assert '--nonce "other" contradicts the policy, which demands "a-nonce"' in capsys.readouterr().err


def test_the_last_time_seen_is_remembered_and_a_clock_turned_back_is_refused(
    run: CertifiedRun, folder: Path
) -> None:
    assert verify("--seen", "seen") == ACCEPTED
    remembered = datetime.fromisoformat((folder / "seen").read_text().strip())
    assert abs(datetime.now(UTC) - remembered) < timedelta(minutes=1)
    assert verify("--seen", "seen") == ACCEPTED
    (folder / "seen").write_text("2099-01-01T00:00:00+00:00\n")
    assert verify("--seen", "seen") == EXPIRED
    assert (folder / "seen").read_text().startswith("2099"), "a refusal is not remembered"


def test_a_certificate_made_by_a_clock_slightly_ahead_is_accepted_twice(folder: Path) -> None:
    fresh(age=timedelta(minutes=-2)).write(folder / "run")
    assert [verify("--seen", "seen"), verify("--seen", "seen")] == [ACCEPTED, ACCEPTED]


def test_a_refused_certificate_is_not_remembered(run: CertifiedRun, folder: Path) -> None:
    assert verify("--seen", "seen", key="other.pub") == NOT_TRUSTED
    assert not (folder / "seen").exists()


@pytest.mark.parametrize("text", ["", "soon", "2026-03-01T00:00:00", "\udcff"])
def test_a_seen_file_that_is_none_is_bad_usage(run: CertifiedRun, folder: Path, text: str) -> None:
    (folder / "seen").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert verify("--seen", "seen") == USAGE
    assert verify("--seen", "run") == USAGE


def enter(folder: Path, certified: CertifiedRun) -> None:
    predicate = certified.statement.predicate
    verdict = (predicate.verification_result, predicate.level)
    ledger.append(folder, sha256(certified.payload), clock.now(), predicate.run.id, verdict, SIGNER)


def test_a_ledger_must_hold_the_certificate(run: CertifiedRun, folder: Path) -> None:
    enter(folder, run)
    assert verify("--ledger", "ledger.jsonl") == ACCEPTED
    kept = folder / "kept.checkpoint"
    kept.write_bytes((folder / "ledger.checkpoint").read_bytes())
    assert verify("--ledger", "ledger.jsonl", "--checkpoint", "kept.checkpoint") == ACCEPTED
    (folder / "ledger.jsonl").write_bytes(b"")
    assert verify("--ledger", "ledger.jsonl") == NOT_TRUSTED


def test_a_ledger_without_its_checkpoint_and_a_checkpoint_without_its_ledger_are_bad_usage(
    run: CertifiedRun, folder: Path
) -> None:
    enter(folder, run)
    assert verify("--checkpoint", "ledger.checkpoint") == USAGE
    (folder / "ledger.checkpoint").unlink()
    assert verify("--ledger", "ledger.jsonl") == USAGE


@pytest.mark.parametrize(
    "options",
    [
        ["absent.json", "--key", "battery.pub"],
        ["run", "--key", "battery.pub"],
        ["run/certificate.json", "--key", "absent.pub"],
        ["run/certificate.json", "--key", "run"],
        ["run/certificate.json", "--key", "shop.tar"],
        ["run/certificate.json", "--key", "battery.pub", "--evidence", "absent"],
        ["run/certificate.json", "--key", "battery.pub", "--subject", "shop.tar"],
        ["run/certificate.json", "--key", "battery.pub", "--subject-file", "absent"],
        ["run/certificate.json", "--key", "battery.pub", "--source", "absent"],
        ["run/certificate.json", "--key", "battery.pub", "--subject-file", "shop.tar", "--source", "."],
        ["run/certificate.json", "--key", "battery.pub", "--policy", "absent"],
        ["run/certificate.json", "--key", "battery.pub", "--ledger", "absent"],
    ],
)
def test_bad_usage_is_one_line_and_exit_64(
    run: CertifiedRun, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", *options]) == USAGE
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert err.startswith("battery verify: ")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["x.json"],
        ["x.json", "--key", "k", "--max-age", "soon"],
        ["x.json", "--key", "k", "--level", "none"],
    ],
)
def test_a_command_line_that_cannot_be_parsed_exits_with_64(options: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["verify", *options])
    assert stopped.value.code == USAGE


def battery(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BATTERY_")}
    command = [sys.executable, "-m", "battery", *arguments]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=60)


def test_a_rehearsal_from_certify_to_verify_exits_as_the_issue_demands(tmp_path: Path) -> None:
    made = battery("certify", "--baseline", "--json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = Path(json.loads(made.stdout)["run"])
    certificate = (tmp_path / folder / "certificate.json").resolve()
    options = (str(certificate), "--key", "artifacts/throwaway.pub")
    assert battery("verify", *options, cwd=tmp_path).returncode == NOT_TRUSTED
    accepted = battery(
        "verify", *options, "--accept-baseline", "--evidence", str(certificate.parent), cwd=tmp_path
    )
    assert accepted.returncode == ACCEPTED, accepted.stderr
    assert accepted.stderr.splitlines()[-1] == "BASELINE ACCEPTED: every step holds"
    other = battery("keygen", "--out", "other", cwd=tmp_path)
    assert other.returncode == 0
    foreign = battery("verify", str(certificate), "--key", "other.pub", "--accept-baseline", cwd=tmp_path)
    assert foreign.returncode == NOT_TRUSTED
