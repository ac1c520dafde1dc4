"""coverage.py's JSON: the summaries count, the lists and totals beside them must not tell worse."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.coveragepy_json import CoveragePyJson
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable

PAIR = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda two: (max(two), min(two)))
TRUTH = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}\.py", fullmatch=True), st.tuples(PAIR, PAIR), max_size=6
)


def summary(lines: tuple[int, int], branches: tuple[int, int]) -> dict[str, int]:
    (total, covered), (exits, taken) = lines, branches
    return {
        "num_statements": total,
        "covered_lines": covered,
        "num_branches": exits,
        "covered_branches": taken,
    }


def document(lines: tuple[int, int] = (4, 3), branches: tuple[int, int] = (2, 1)) -> dict[str, Any]:
    file = {
        "summary": summary(lines, branches),
        "executed_lines": list(range(lines[1])),
        "missing_lines": list(range(lines[1], lines[0])),
        "missing_branches": [[1, at] for at in range(branches[0] - branches[1])],
    }
    meta = {"branch_coverage": True, "timestamp": "2026-01-02T03:04:05", "version": "7"}
    return {"meta": meta, "files": {"a.py": file}, "totals": summary(lines, branches)}


def read(raw: dict[str, Any]) -> CoverageReport:
    return CoveragePyJson().read(json.dumps(raw).encode())


@given(TRUTH)
def test_the_counts_are_the_truth(truth: dict[str, tuple[tuple[int, int], tuple[int, int]]]) -> None:
    raw = document()
    raw["files"] = {path: {"summary": summary(*pairs)} for path, pairs in truth.items()}
    raw["totals"] = summary(
        (sum(p[0][0] for p in truth.values()), sum(p[0][1] for p in truth.values())),
        (sum(p[1][0] for p in truth.values()), sum(p[1][1] for p in truth.values())),
    )
    report = read(raw)
    assert {
        f.path: ((f.lines, f.lines_covered), (f.branches, f.branches_covered)) for f in report.files
    } == truth


def test_the_time_is_kept_without_a_zone() -> None:
    generated = read(document()).generated
    assert generated is not None
    assert generated.isoformat() == "2026-01-02T03:04:05"


def test_an_unknown_spelling_of_time_costs_only_the_time() -> None:
    raw = document()
    raw["meta"]["timestamp"] = "yesterday"
    assert read(raw).generated is None


def test_a_report_of_no_file_has_no_percentage() -> None:
    raw = document((0, 0), (0, 0))
    raw["files"] = {}
    assert read(raw).line_percent is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("covered_lines", 5),
        ("covered_lines", -1),
        ("covered_lines", 2.5),
        ("covered_lines", True),
        ("covered_lines", "3"),
        ("covered_lines", None),
        ("covered_lines", 4),
        ("num_statements", 3),
        ("num_statements", 10**20),
        ("num_branches", None),
        ("num_branches", 1),
        ("covered_branches", 2),
        ("covered_branches", 3),
    ],
)
def test_a_count_that_cannot_be_or_flatters_is_refused(key: str, value: object) -> None:
    raw = document()
    raw["files"]["a.py"]["summary"][key] = value
    with pytest.raises(CoverageUnreadable):
        read(raw)


@pytest.mark.parametrize(
    ("key", "value"),
    [("num_statements", 5), ("covered_lines", 2), ("num_branches", 9), ("covered_branches", 0)],
)
def test_totals_worse_than_the_files_listed_are_refused(key: str, value: int) -> None:
    raw = document()
    raw["totals"][key] = value
    with pytest.raises(CoverageUnreadable, match="contradict"):
        read(raw)


def test_two_spellings_of_one_path_are_refused() -> None:
    raw = document()
    raw["files"]["./a.py"] = raw["files"]["a.py"]
    with pytest.raises(CoverageUnreadable, match="twice"):
        read(raw)


@pytest.mark.parametrize(
    "data",
    [
        b'{"meta": {}, "meta": {}, "files": {}, "totals": {}}',
        b'{"meta": {}, "files": {}, "totals": {"num_statements": NaN, "covered_lines": 0}}',
        b'{"meta": {}, "files": {}, "totals": {"num_statements": Infinity, "covered_lines": 0}}',
        b'{"meta": {"x": "\xff"}}',
        b'{"meta": {}}',
        b'{"meta": {}, "files"',
        b"[]",
    ],
)
def test_malformed_json_is_refused(data: bytes) -> None:
    with pytest.raises(CoverageUnreadable):
        CoveragePyJson().read(data)
