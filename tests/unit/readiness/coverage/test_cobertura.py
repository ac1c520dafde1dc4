"""Cobertura XML: lines listed twice are merged, conditions of different classes are not mixed."""

import itertools
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.coverage.cobertura import Cobertura
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable

CONDITIONS = st.tuples(st.integers(1, 9), st.integers(0, 9)).map(lambda two: (max(two), min(two)))
LINES = st.dictionaries(st.integers(1, 99), st.tuples(st.integers(0, 3), st.none() | CONDITIONS), max_size=8)
TRUTH = st.dictionaries(st.from_regex(r"[a-z&<]{1,8}\.py", fullmatch=True), LINES, max_size=5)
Lines = dict[int, tuple[int, tuple[int, int] | None]]


def line(number: object, hits: object, extra: str = "") -> str:
    return f'<line number="{number}" hits="{hits}" {extra}/>'


def conditions(total: int, covered: int) -> str:
    return f'branch="true" condition-coverage="{100 * covered // total}% ({covered}/{total})"'


def class_(filename: str, lines: str, name: str = "c", methods: str = "") -> str:
    body = f"<methods>{methods}</methods><lines>{lines}</lines>"
    return f"<class name={quoteattr(name)} filename={quoteattr(filename)}>{body}</class>"


def document(classes: str, root: str = "", sources: tuple[str, ...] = ()) -> bytes:
    folders = "".join(f"<source>{source}</source>" for source in sources)
    packages = f'<packages><package name="p"><classes>{classes}</classes></package></packages>'
    return f"<coverage {root}><sources>{folders}</sources>{packages}</coverage>".encode()


def read(data: bytes) -> CoverageReport:
    return Cobertura().read(data)


def counts(report: CoverageReport) -> tuple[int, int, int, int]:
    return report.lines, report.lines_covered, report.branches, report.branches_covered


@given(TRUTH)
def test_the_counts_are_the_truth(truth: dict[str, Lines]) -> None:
    classes = "".join(
        class_(path, "".join(line(n, hits, conditions(*c) if c else "") for n, (hits, c) in lines.items()))
        for path, lines in truth.items()
    )
    told = [(hits, c or (0, 0)) for lines in truth.values() for hits, c in lines.values()]
    expected = len(told), sum(h > 0 for h, _ in told), sum(c[0] for _, c in told), sum(c[1] for _, c in told)
    root = 'lines-valid="{}" lines-covered="{}" branches-valid="{}" branches-covered="{}"'.format(*expected)
    report = read(document(classes, root))
    assert counts(report) == expected
    assert [file.path for file in report.files] == sorted(truth)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y"]), LINES), max_size=4), st.randoms()
)
def test_the_order_of_classes_does_not_matter(classes: list[tuple[str, str, Lines]], random: object) -> None:
    rendered = [
        class_(
            path, "".join(line(n, hits, conditions(*c) if c else "") for n, (hits, c) in lines.items()), name
        )
        for path, name, lines in classes
    ]
    results = {counts(read(document("".join(order)))) for order in itertools.permutations(rendered)}
    assert len(results) == 1


def test_lines_told_under_methods_and_again_under_the_class_count_once() -> None:
    both = line(1, 1, conditions(2, 1)) + line(2, 0)
    assert counts(
        read(document(class_("A.java", both, methods=f"<method><lines>{both}</lines></method>")))
    ) == (2, 1, 2, 1)


def test_conditions_of_two_classes_on_one_line_add_up() -> None:
    classes = class_("A.java", line(1, 1, conditions(2, 2)), "A") + class_(
        "A.java", line(1, 0, conditions(2, 0)), "A$1"
    )
    assert counts(read(document(classes))) == (1, 1, 4, 2)


def test_one_class_told_twice_is_merged_without_adding_up() -> None:
    classes = class_("A.java", line(1, 1, conditions(4, 1))) + class_("A.java", line(1, 0, conditions(4, 2)))
    assert counts(read(document(classes))) == (1, 1, 4, 2)


def test_one_class_told_twice_under_several_source_folders_is_refused() -> None:
    twice = class_("a.py", line(1, 1)) + class_("./a.py", line(1, 0))
    with pytest.raises(CoverageUnreadable, match="several source folders"):
        read(document(twice, sources=("one", "two")))


def test_blank_source_folders_are_left_out() -> None:
    assert read(document("", sources=(" ", "\n/src\n"))).sources == ("/src",)


@pytest.mark.parametrize(
    "root",
    [
        'lines-valid="3" lines-covered="1"',
        'lines-valid="2" lines-covered="0"',
        'lines-valid="2" lines-covered="3"',
        'lines-valid="3"',
        'branches-covered="0"',
        'branches-valid="4" branches-covered="1"',
        'branches-valid="2" branches-covered="0"',
        'lines-valid="NaN" lines-covered="1"',
        'lines-valid="2" lines-covered="-1"',
    ],
)
def test_totals_worse_than_the_lines_listed_or_impossible_are_refused(root: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(document(class_("a.py", line(1, 1, conditions(2, 1)) + line(2, 0)), root))


@pytest.mark.parametrize(
    "bad",
    [
        line(1, -1),
        line(1, "NaN"),
        line(1, "1.5"),
        line("x", 1),
        line(1, ""),
        '<line hits="1"/>',
        '<line number="1"/>',
        line(1, "1_0"),
        line(1, "١"),
        line(1, "9" * 5000),
        line(1, 1, 'branch="true"'),
        line(1, 1, 'condition-coverage="NaN"'),
        line(1, 1, conditions(1, 2)),
    ],
)
def test_a_line_that_cannot_be_is_refused(bad: str) -> None:
    with pytest.raises(CoverageUnreadable):
        read(document(class_("a.py", bad)))


@pytest.mark.parametrize(
    "data",
    [
        b"<coverage/>",
        b"<coverage><project/></coverage>",
        document(line(1, 1)),
        document("<class name='c'/>"),
        document(class_("", "")),
        document(class_("a&#10;.py", "").replace("&amp;", "&")),
    ],
)
def test_a_document_of_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(CoverageUnreadable):
        read(data)


@pytest.mark.parametrize("said", ['branch="False"', 'branch="false"', ""])
def test_a_line_without_branches_records_none(said: str) -> None:
    assert read(document(class_("a.py", line(1, 1, said)))).branch_percent is None


@pytest.mark.parametrize(
    ("stamp", "generated"),
    [
        ("1700000000", datetime.fromtimestamp(1700000000, UTC)),
        ("1700000000500", datetime.fromtimestamp(1700000000.5, UTC)),
        ("0", None),
        ("soon", None),
        ("9" * 14, datetime.fromtimestamp(99999999999.999, UTC)),
        ("9" * 15, None),
    ],
)
def test_the_time_is_read_in_seconds_or_milliseconds(stamp: str, generated: datetime | None) -> None:
    assert read(document("", f'timestamp="{stamp}"')).generated == generated
