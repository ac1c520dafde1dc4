"""battery slo, run as the command line will run it."""

import argparse
import json
from pathlib import Path

import pytest

from battery.cli import slo
from battery.errors import UsageError
from battery.readiness.observability.rules.reading import read_rules
from tests.unit.readiness.observability.slo.test_objectives_toml import GOOD, written


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    slo.configure(parser)
    return slo.run(parser.parse_args([str(word) for word in words]))


def test_the_rules_go_to_stdout(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(written(tmp_path, GOOD)) == 0
    out, err = capfdbinary.readouterr()
    assert len(read_rules(out, "stdout").alerts) == 4
    assert err == b""


def test_the_rules_go_to_a_file_and_their_names_to_json(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rules = tmp_path / "slo.yml"
    assert run(written(tmp_path, GOOD), "--out", rules, "--json") == 0
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["alerts"][0] == "ShopBudgetBurn1h"
    assert b"4 alerts for 1 objectives" in err
    assert len(read_rules(rules.read_bytes(), "slo.yml").alerts) == 4


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        run(written(tmp_path, GOOD), "--out", tmp_path / "nowhere" / "slo.yml")
