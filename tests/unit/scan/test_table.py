"""What a person sees of the findings, and the export that a machine reads."""

import io
import json
from datetime import UTC, datetime

from battery.model.waiver import Waiver
from battery.report.legible import legible
from battery.scan.export import exported
from battery.scan.findings import findings_of
from battery.scan.interface import Canary, Found, Ledger, ScanResult, Skipped
from battery.scan.table import render_findings, render_scans, summary

FOUND = (
    Found(rule="code.B307", where="b.py", line=7, content="eval(b)", excerpt="eval(b)", detail="B307"),
    Found(rule="code.B602", where="a.py", line=2, content="run", excerpt="run(x, shell=True)"),
    Found(rule="code.B307", where="a.py", line=5, content="eval(a)", excerpt="eval(a)"),
    Found(rule="code.B101", where="a.py", line=9, content="assert x"),
    *(Found(rule="secrets.github-token", where=f"{n}.env", line=1, content="sealed") for n in range(9)),
)
FINDINGS = findings_of(FOUND, b"k")
SCAN = ScanResult(
    scanner="code",
    found=FOUND,
    ledger=Ledger(discovered=3, scanned=2, skipped=(Skipped(what="c.py", reason="torn", harmless=False),)),
    canaries=(Canary(name="import", seen=True, detail="d"), Canary(name="call", seen=False, detail="d")),
    incomplete=("c.py: torn\x1b[2J",),
)


def shown(**options: object) -> list[str]:
    stream = io.StringIO()
    render_findings(FINDINGS, stream, legible=legible, **options)  # type: ignore[arg-type]
    return stream.getvalue().splitlines()


def test_findings_stand_under_their_severity_and_their_file() -> None:
    lines = shown()
    heads = [line for line in lines if line and not line.startswith("    ")]
    assert heads[:6] == ["critical (2)", "  0.env", "  a.py", "high (2)", "  a.py", "  b.py"]


def test_each_finding_says_what_to_do_and_how_to_waive_it() -> None:
    lines = shown()
    at = next(number for number, line in enumerate(lines) if line.startswith("    2: A shell runs"))
    assert lines[at + 1].strip() == "run(x, shell=True)"
    assert lines[at + 2].strip().startswith("fix: Pass a list")
    assert lines[at + 3].strip().startswith("fingerprint: ")


def test_a_fold_names_some_places_and_counts_the_rest() -> None:
    text = "\n".join(shown())
    assert "also 5.env:1" in text
    assert "and in 3 more places" in text


def test_what_is_milder_than_asked_for_is_counted() -> None:
    assert shown()[-1] == "2 critical, 2 high, 1 info; 1 below low not listed"
    assert "An assertion" in "\n".join(shown(least="info"))
    assert summary(()) == "no findings"


def test_a_waived_finding_is_marked() -> None:
    waiver = Waiver(
        finding=FINDINGS[-1].finding.fingerprint,
        reason="r",
        owner="o",
        expires=datetime(2030, 1, 1, tzinfo=UTC),
    )
    assert any(line.endswith("[waived]") for line in shown(least="info", waivers=(waiver,)))


def test_control_characters_of_a_file_name_never_reach_the_terminal() -> None:
    evil = findings_of(
        [Found(rule="code.B307", where="\x1b[31m.py", content="c", excerpt="\x1b]0;x\x07")], b"k"
    )
    stream = io.StringIO()
    render_findings(evil, stream, legible=legible)
    assert "\x1b" not in stream.getvalue()


def test_a_scan_says_what_it_looked_at_and_why_it_is_incomplete() -> None:
    stream = io.StringIO()
    render_scans([SCAN], stream, legible=legible)
    assert stream.getvalue().splitlines() == [
        "code: incomplete; 3 discovered, 2 scanned, 1 skipped; 1 of 2 canaries seen",
        "  c.py: torn\\u001b[2J",
    ]


def test_the_export_holds_findings_ledgers_and_waivers_but_no_content() -> None:
    fingerprint = FINDINGS[0].finding.fingerprint
    waiver = Waiver(finding=fingerprint, reason="r", owner="o", expires=datetime(2030, 1, 1, tzinfo=UTC))
    raw = exported(FINDINGS, [SCAN], [waiver])
    document = json.loads(raw)
    assert document["waived"] == [fingerprint]
    assert document["scans"][0]["ledger"]["discovered"] == 3
    assert len(document["findings"]) == len(FINDINGS)
    assert b"sealed" not in raw
    assert raw.endswith(b"\n")
