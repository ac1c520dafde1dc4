"""The list of planted defects."""

from pathlib import Path

import pytest

from battery.reference.defects.catalogue import CATALOGUE, NAMES, UnknownDefect, checked, chosen
from battery.reference.demo import ReferenceTarget
from battery.reference.settings import read_settings


def test_each_defect_has_one_name_and_one_line_that_tells_it() -> None:
    assert len(set(NAMES)) == len(CATALOGUE)
    assert all(defect.title and "\n" not in defect.title for defect in CATALOGUE)


def test_known_defects_can_be_chosen() -> None:
    assert chosen(["leak", "errors", "leak"]) == {"leak", "errors"}
    assert chosen([]) == frozenset()


def test_an_unknown_defect_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(UnknownDefect, match=r"no defect 'leek': did you mean leak\? There are: leak, "):
        checked("leek")
    with pytest.raises(UnknownDefect, match="no defect 'zzzzzz': There are: leak, "):
        checked("zzzzzz")


def test_the_command_line_takes_several(capsys: pytest.CaptureFixture[str]) -> None:
    given = read_settings(["--data", "d", "--defect", "leak", "--defect=errors"])
    assert given.defects == ("leak", "errors")
    with pytest.raises(SystemExit) as ended:
        read_settings(["--data", "d", "--defect", "eror"])
    assert ended.value.code == 2
    assert "did you mean errors?" in capsys.readouterr().err


def test_a_target_with_an_unknown_defect_is_never_started(tmp_path: Path) -> None:
    with pytest.raises(UnknownDefect):
        ReferenceTarget(tmp_path, defects=("leek",))
