"""The assessment on the real scanners, with few cases: each rule finds its defect, and no rule that blocks cries wolf."""

from pathlib import Path

import pytest

from battery.scan.assess.assessing import assess
from battery.scan.assess.assessment import Assessment, Row
from battery.scan.assess.benches import BENCHES, SOURCE
from battery.scan.assess.case import Sizes
from battery.scan.assess.source.files import AssessmentBroken, FileCase, file_exam
from battery.scan.assess.source.logs import LOGS
from battery.scan.assess.source.secrets import SECRETS
from battery.scan.assess.table import rendered, write_table
from battery.scan.assess.target.answers import ANSWERS
from battery.scan.assess.target.exposed_things import EXPOSED
from battery.scan.assess.target.pages import PAGES
from battery.scan.assess.unassessed import UNASSESSED
from battery.scan.rules import scan_rules
from battery.scan.source.code.scan import scan_code
from tests.unit.scan.assess.benches import trigger_happy, without

DOCS = Path(__file__).parents[4] / "docs" / "scan-rules.md"
# detect-secrets' own filters drop every public address: a secret without a letter is none to them.
NEVER_FIRES = {"secrets.public-ip-ipv4"}


def silent(done: float, words: str) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="module")
def small() -> Assessment:
    """Few cases, all scanners."""
    return assess(11, silent, sizes=Sizes(source=8, target=2, slow=2))


@pytest.fixture(scope="module")
def usual() -> Assessment:
    """The documentation's seed and sizes, of the scanners that need no server."""
    return assess(1, silent, benches=SOURCE)


@pytest.fixture(scope="module")
def pages() -> Assessment:
    """Every template of the pages and answers at least once."""
    return assess(2, silent, benches=(PAGES, ANSWERS), sizes=Sizes(target=9))


def of(assessment: Assessment, rule: str) -> Row:
    (row,) = [row for row in assessment.rows if row.rule == rule]
    return row


def test_every_rule_has_a_row_or_a_reason(small: Assessment) -> None:
    told = [row.rule for row in small.rows] + [one.rule for one in small.unassessed]
    assert sorted(told) == sorted(scan_rules())
    assert {one.rule for one in small.unassessed} == set(UNASSESSED)


def test_every_rule_finds_its_defect(small: Assessment) -> None:
    assert {row.rule for row in small.rows if row.found == 0} == NEVER_FIRES


def test_no_rule_of_a_blocking_severity_is_below_the_floor(usual: Assessment) -> None:
    assert usual.below_floor == ()
    assert {row.standing for row in usual.rows} == {"blocks", "informs"}


def test_the_documentation_tells_what_the_source_scanners_do(usual: Assessment) -> None:
    rows = [line for line in rendered(usual).split("\n") if line.startswith("| `") and line.count("|") == 8]
    documented = set(DOCS.read_text(encoding="utf-8").split("\n"))
    stale = [line for line in rows if line not in documented]
    assert stale == [], "make it anew: battery scan --self-assess --write docs/scan-rules.md"


def test_the_same_seed_gives_the_same_table(tmp_path: Path) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    for path in (first, second):
        write_table(assess(4, silent, benches=(SECRETS, LOGS), sizes=Sizes(source=3)), path)
    assert first.read_bytes() == second.read_bytes()


def test_a_scanner_without_one_of_its_rules_shows_recall_0() -> None:
    rule = "logs.credential"
    result = assess(4, silent, benches=(without(LOGS, rule),), sizes=Sizes(source=4))
    row = of(result, rule)
    assert row.recall is not None
    assert row.recall.value == 0
    assert not row.blocking
    assert of(result, "logs.secret").found == 4


def test_a_trigger_happy_scanner_shows_low_precision() -> None:
    rule = "target.exposed.env"
    row = of(assess(4, silent, benches=(trigger_happy(EXPOSED, rule),), sizes=Sizes(target=4)), rule)
    assert row.precision is not None
    assert row.precision.value < 0.5
    assert not row.blocking


@pytest.mark.parametrize(
    "rule",
    [
        *("target.cookies.session-secure", "target.cookies.session-httponly", "target.headers.framing"),
        *("target.errors.debug-page", "target.errors.version"),
    ],
)
def test_what_the_assessment_found_wrong_in_target_scanners_stays_right(pages: Assessment, rule: str) -> None:
    row = of(pages, rule)
    assert (row.missed, row.mistaken) == ((), ())


def test_a_scan_that_could_not_read_every_case_gives_no_numbers() -> None:
    broken = FileCase(rule="code.B101", place="a.py", defect=True, text="def broken(:\n")
    with pytest.raises(AssessmentBroken, match="code scanner could not look at every case"):
        file_exam([broken], scan_code).look()


def test_every_bench_is_of_another_name() -> None:
    assert len({bench.name for bench in BENCHES}) == len(BENCHES)
