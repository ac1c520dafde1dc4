"""Files that battery.toml names."""

from pathlib import Path

import pytest

from battery.readiness.observability.files import NothingNamed, named_files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("alerts/b.yml", "alerts/a.yaml", "alerts/README.md", "deep/er/c.yml", "od[d].yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["alerts"], ["a.yaml", "b.yml"]),
        (["alerts/*.yml", "alerts"], ["b.yml", "a.yaml"]),
        (["**/*.yml"], ["b.yml", "c.yml", "od[d].yml"]),
        (["od[d].yml"], ["od[d].yml"]),
        (["deep/er/c.yml", "./deep/er/c.yml"], ["c.yml"]),
    ],
)
def test_a_name_is_a_file_a_folder_or_a_pattern(tree: Path, patterns: list[str], names: list[str]) -> None:
    assert [path.name for path in named_files(tree, patterns, (".yml", ".yaml"))] == names


def test_an_absolute_name_stays_what_it_is(tree: Path) -> None:
    assert named_files(Path("elsewhere"), [str(tree / "alerts" / "*.yml")]) == (tree / "alerts" / "b.yml",)


def test_without_endings_a_folder_is_all_that_lies_in_it(tree: Path) -> None:
    assert len(named_files(tree, ["alerts"])) == 3


@pytest.mark.parametrize("pattern", ["nothing.yml", "none/*.yml", "deep", "alerts/*.toml", "od[e].yml"])
def test_a_name_that_fits_nothing_is_told_with_the_place(tree: Path, pattern: str) -> None:
    with pytest.raises(NothingNamed, match="fits no file below"):
        named_files(tree, ["alerts", pattern], (".yml", ".yaml"))
