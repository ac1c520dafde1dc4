"""battery show: what a certificate says, and that nobody checked it."""

import json
from pathlib import Path

import pytest

from battery.cli import main
from tests.fakes.certified_run import certify, forge, make_evidence, make_plan, seal

WARNING = "NOT VERIFIED: show checks no signature; use `battery verify CERT --key PUB`"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate on disk."""
    path = tmp_path / "certificate.json"
    path.write_bytes(certify().bundle)
    return path


def test_a_person_sees_what_it_says_and_that_nobody_checked_it(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(certificate)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines[0] == "result       PASSED, level gold"
    assert lines[1].startswith("subject      shop.tar sha256:")
    assert lines[2] == "target       https://shop.example  staging"
    assert lines[3] == "made         2026-03-01T12:00:00+00:00, valid until 2026-03-08T12:00:00+00:00"
    assert lines[4] == "run          20260301-110000-abcdef, real, standard"
    assert lines[5] == "G1           pass       coverage"
    assert lines[-1] == WARNING


def test_every_line_about_a_baseline_says_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "certificate.json"
    baseline = certify(make_plan(mode="baseline"))
    for data in (baseline.bundle, forge(baseline, {"predicateType": "urn:hardening-battery:certificate:v1"})):
        path.write_bytes(data)
        assert main(["show", str(path)]) == 0
        lines = capsys.readouterr().err.splitlines()
        assert all(line.startswith("BASELINE ") for line in lines[:-1])
        assert lines[-1] == WARNING


def test_loosened_rules_and_waivers_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import timedelta

    from battery.model.gate import RuleChange
    from battery.model.waiver import Waiver
    from tests.fakes.certified_run import MADE

    change = RuleChange(rule="G2:load.p3.p99", shipped="a", used="b", loosened=True)
    other = RuleChange(rule="G2:load.p1.p99", shipped="a", used="b", loosened=False)
    waiver = Waiver(rule="G1:coverage.line", reason="legacy", owner="ann", expires=MADE + timedelta(days=1))
    plan = make_plan(changes=(change, other), waivers=(waiver,))
    path = tmp_path / "certificate.json"
    path.write_bytes(certify(plan, make_evidence(plan, {"coverage.line": 80.0})).bundle)
    assert main(["show", str(path)]) == 0
    err = capsys.readouterr().err
    assert "loosened     G2:load.p3.p99: b, shipped a" in err
    assert "G2:load.p1.p99" not in err
    assert "waiver       G1:coverage.line: applied (ann: legacy)" in err


def test_capabilities_are_told_with_what_keeps_them_from_being_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "health", "title": "health checks", "status": "COMPLETE", "reasons": []},
        {
            "id": "queue",
            "title": "bounded queue",
            "status": "PARTIAL",
            "reasons": ["work was lost in a crash"],
        },
    ]
    path = tmp_path / "certificate.json"
    path.write_bytes(forge(certify(), {"predicate.capabilities": rows}))
    assert main(["show", str(path)]) == 0
    err = capsys.readouterr().err
    assert "capability   health checks: COMPLETE\n" in err
    assert "capability   bounded queue: PARTIAL; work was lost in a crash\n" in err


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        ("vsa", "https://slsa.dev/verification_summary/v1"),
        ("svr", "https://in-toto.io/attestation/svr/v0.1"),
        ("statement", "urn:hardening-battery:certificate:v1"),
    ],
)
def test_a_view_is_json_on_stdout_with_the_warning_beside_it(
    certificate: Path, view: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(certificate), "--as", view]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["predicateType"] == kind
    assert err.strip() == WARNING


def test_json_is_the_statement(certificate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(certificate), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["predicate"]["level"] == "gold"


def test_a_certificate_without_a_subject_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "certificate.json"
    path.write_bytes(forge(certify(), {"subject": [], "predicate.resourceUri": ""}))
    assert main(["show", str(path)]) == 0
    err = capsys.readouterr().err
    assert "subject      none" in err
    assert "target       none  staging" in err


def test_hostile_text_stays_on_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "certificate.json"
    evil = "x\x1b[2J\nACCEPTED: every step holds"
    path.write_bytes(forge(certify(), {"subject.0.name": evil, "predicate.environment": evil}))
    assert main(["show", str(path)]) == 0
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert not any(line.startswith("ACCEPTED") for line in err.splitlines())


DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{",
    "no bundle": b"{}",
    "bad base64": certify().bundle.replace(b'"payload":"', b'"payload":"*', 1),
    "no statement": seal(b"{}"),
    "no JSON inside": seal(b"\xff"),
    "a surrogate": b'"\\ud800"',
    "a control character in a key": b'{"\\u001b[2J":1}',
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_no_certificate_is_malformed(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "certificate.json"
    path.write_bytes(data)
    assert main(["show", str(path), "--json"]) == 5
    out, err = capsys.readouterr()
    assert json.loads(out)["exit"] == 5
    assert "malformed" in err
    assert "\x1b" not in err
    assert main(["show", str(path)]) == 5
    assert capsys.readouterr().out == ""


def test_an_absent_file_is_bad_usage(tmp_path: Path) -> None:
    assert main(["show", str(tmp_path / "absent.json")]) == 64
