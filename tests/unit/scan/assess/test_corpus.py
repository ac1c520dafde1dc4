"""The corpus: a case of each kind for every rule, the same for the same seed, and nobody's secret in it."""

from pathlib import Path
from random import Random

import pytest

import battery.scan.assess
from battery.scan.assess.assessment import BLOCKING
from battery.scan.assess.benches import BENCHES, SOURCE
from battery.scan.assess.case import Bench, Case, Sizes
from battery.scan.assess.source.code import texts
from battery.scan.assess.source.files import FileCase
from battery.scan.assess.source.secrets import secret_cases
from battery.scan.assess.unassessed import UNASSESSED
from battery.scan.rules import scan_rules
from battery.scan.source.configuration.judging import is_for_development
from battery.scan.source.logs.credentials import named_credentials
from battery.scan.source.secrets.engine import open_engine

SMALL = Sizes(source=3, target=2, slow=1)


def cases(bench: Bench, seed: int = 1) -> tuple[Case, ...]:
    return bench.exam(Random(f"{seed} {bench.name}"), SMALL).cases


def shown(some: tuple[Case, ...]) -> list[tuple[object, ...]]:
    """What has to be the same in each run; a package's record tells the time."""
    return [
        (case.rule, case.place, case.defect, case.clean_of, case.template, getattr(case, "text", ""))
        for case in some
    ]


def test_every_rule_has_cases_of_both_kinds_or_stands_among_those_without() -> None:
    every = [case for bench in BENCHES for case in cases(bench)]
    with_defect = {case.rule for case in every if case.defect}
    benign = {case.rule for case in every if not case.defect}
    assert with_defect == benign
    assert with_defect | set(UNASSESSED) == set(scan_rules())
    assert not with_defect & set(UNASSESSED)


def test_what_a_case_is_clean_of_is_a_rule_as_well() -> None:
    for bench in BENCHES:
        for case in cases(bench):
            assert set(case.clean_of) <= set(scan_rules()), case
            assert case.rule not in case.clean_of


def test_each_rule_gets_as_many_cases_of_each_kind_as_its_size_says() -> None:
    for bench in SOURCE:
        for rule in {case.rule for case in cases(bench)}:
            kinds = [case.defect for case in cases(bench) if case.rule == rule]
            assert kinds.count(True) == kinds.count(False) == SMALL.source, rule


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.name)
def test_the_same_seed_gives_the_same_cases(bench: Bench) -> None:
    assert shown(cases(bench, 7)) == shown(cases(bench, 7))


@pytest.mark.parametrize("bench", SOURCE[:4], ids=lambda bench: bench.name)
def test_another_seed_gives_other_texts(bench: Bench) -> None:
    assert shown(cases(bench, 7)) != shown(cases(bench, 8))


def test_no_two_cases_of_a_rule_stand_at_one_place() -> None:
    for bench in BENCHES:
        claims = [(rule, case.place) for case in cases(bench) for rule in (case.rule, *case.clean_of)]
        assert len(claims) == len(set(claims)), bench.name


def test_every_text_for_the_code_scanner_is_python() -> None:
    for case in cases(SOURCE[0]):
        assert isinstance(case, FileCase)
        compile(case.text, case.place, "exec")


def test_no_text_is_written_twice_as_a_defect_and_as_benign() -> None:
    for rule in texts():
        assert not set(rule.defect) & set(rule.benign), rule.id


def test_only_files_for_a_milder_variant_are_named_for_development() -> None:
    configuration = next(bench for bench in SOURCE if bench.name == "configuration")
    for case in cases(configuration):
        assert is_for_development(case.place) == case.rule.endswith(".development"), case.place


def test_tokens_are_made_anew_by_each_seed() -> None:
    first, second = (
        {case.text for case in secret_cases(Random(seed), SMALL) if case.defect} for seed in (1, 2)
    )
    assert not first & second


def test_a_benign_log_line_tells_no_credential_that_the_corpus_made() -> None:
    logs = next(bench for bench in SOURCE if bench.name == "logs")
    for case in cases(logs):
        if case.rule == "logs.credential" and not case.defect:
            assert isinstance(case, FileCase)
            assert [found for line in case.text.split("\n") for found in named_credentials(line)] == []


def test_the_generators_own_files_are_no_finding_that_blocks() -> None:
    engine = open_engine(b"a key of the tests")
    folder = Path(battery.scan.assess.__file__).parent
    found = [
        (file.name, item.line, item.rule)
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".py", ".toml")
        for item in engine(file.name, file.read_bytes()).found
        if scan_rules()[item.rule].severity in BLOCKING
    ]
    assert found == []
