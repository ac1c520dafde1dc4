"""The bill of a tree: what is read, what is told, and no green that could be false."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from battery.errors import UsageError
from battery.scan.sbom.building import Sbom, build_sbom
from battery.scan.sbom.document import Project
from battery.scan.sbom.files import loader
from battery.scan.sbom.unreadable import SourceUnreadable
from tests.unit.scan.sbom.tree import distribution, write

TIME = datetime(2026, 1, 2, tzinfo=UTC)
ASSETS = Path(__file__).parents[3] / "assets" / "sbom"


def bill(tree: Path, files: dict[str, str], environment: Path | None = None) -> Sbom:
    found = build_sbom(write(tree, files), TIME, environment=environment)
    assert found.ledger.adds_up
    return found


def test_sources_of_both_ecosystems_make_one_bill(tmp_path: Path) -> None:
    found = bill(
        tmp_path,
        {name: (ASSETS / name).read_text() for name in ("uv.lock", "package-lock.json", "requirements.txt")},
    )
    assert found.incomplete == ()
    assert (found.ledger.discovered, found.ledger.scanned) == (3, 3)
    by_ref = {entry.ref: entry for entry in found.components}
    (anyio,) = (entry for entry in by_ref.values() if entry.name == "anyio")
    assert anyio.places == ("requirements.txt:1", "uv.lock")
    assert {entry.ecosystem for entry in by_ref.values()} == {"PyPI", "npm"}


def test_a_source_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    found = bill(tmp_path, {"uv.lock": "version = \n", "sub/requirements.txt": "a==1\n"})
    assert [entry.name for entry in found.components] == ["a"]
    (skip,) = found.ledger.skipped
    assert (skip.what, skip.harmless) == ("uv.lock", False)
    assert "line 1" in skip.reason
    assert "hardening-battery:incomplete" in found.document.decode()


def test_a_tree_without_any_source_is_incomplete(tmp_path: Path) -> None:
    (reason,) = bill(tmp_path, {"README.md": ""}).incomplete
    assert reason.startswith("no dependency source is there: uv.lock")


def test_a_source_without_any_package_is_incomplete(tmp_path: Path) -> None:
    assert bill(tmp_path, {"requirements.txt": "# none\n"}).incomplete == ("no source names a package",)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"pyproject.toml": "[project]\ndependencies = ['a']"}, "pyproject.toml: it asks for 1 packages"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '3'\na = '*'"}, "it asks for 1 packages"),
        ({"package.json": '{"devDependencies": {"a": "1"}}'}, "with `npm install --package-lock-only`"),
        ({"sub/pyproject.toml": "["}, "sub/pyproject.toml: it cannot be read (TOMLDecodeError)"),
        ({"package.json": "[]"}, "package.json: it cannot be read (AttributeError)"),
    ],
)
def test_a_manifest_that_no_lock_pins_is_incomplete(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    assert reason in "\n".join(bill(tmp_path, files).incomplete)


@pytest.mark.parametrize(
    "files",
    [
        {"sub/pyproject.toml": "[project]\ndependencies = ['a']", "requirements/base.txt": "a==1"},
        {"pyproject.toml": "[project]\nname = 'a'", "requirements.txt": "a==1"},
    ],
)
def test_a_manifest_that_a_lock_above_speaks_for_is_complete(tmp_path: Path, files: dict[str, str]) -> None:
    assert bill(tmp_path, files).incomplete == ()


def test_an_environment_speaks_for_a_tree_only_without_a_lock_or_when_it_is_named(tmp_path: Path) -> None:
    venv = {f"venv/{name}": text for name, text in ({"pyvenv.cfg": ""} | distribution("a", "1.0")).items()}
    assert [entry.name for entry in bill(tmp_path / "alone", venv).components] == ["a"]
    beside = bill(tmp_path / "beside", venv | {"requirements.txt": "b==1\n"})
    assert [entry.name for entry in beside.components] == ["b"]
    assert [(skip.what, skip.harmless) for skip in beside.ledger.skipped] == [("venv", True)]
    named = bill(tmp_path / "beside", {}, tmp_path / "beside" / "venv")
    assert [entry.name for entry in named.components] == ["a", "b"]


def test_a_tree_that_is_an_environment_is_read_as_one(tmp_path: Path) -> None:
    write(tmp_path, distribution("a", "1.0") | {"pyvenv.cfg": ""})
    assert [entry.name for entry in build_sbom(tmp_path, TIME).components] == ["a"]
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    assert [entry.name for entry in build_sbom(site, TIME).components] == ["a"]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"pyproject.toml": "[project]\nname = 'x'\nversion = '1'"}, "x"),
        ({"pyproject.toml": "[tool.poetry]\nname = 'y'"}, "y"),
        ({"pyproject.toml": "[", "package.json": '{"name": "z", "version": 3}'}, "z"),
        ({"package.json": "[]"}, "tree"),
    ],
)
def test_the_bill_is_called_what_the_tree_calls_itself(
    tmp_path: Path, files: dict[str, str], name: str
) -> None:
    found = json.loads(bill(tmp_path / "tree", files).document)
    assert found["metadata"]["component"]["name"] == name


def test_a_given_name_goes_before(tmp_path: Path) -> None:
    found = build_sbom(tmp_path, TIME, project=Project(name="given", version="9"))
    assert json.loads(found.document)["metadata"]["component"] | {"bom-ref": ""} == {
        "bom-ref": "", "name": "given", "type": "application", "version": "9"
    }  # fmt: skip


def test_what_is_excluded_is_not_read_and_is_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"requirements.txt": "a==1", "tests/uv.lock": "version =", "tests/more/uv.lock": "", "b/uv.lock": ""},
    )
    found = build_sbom(tmp_path, TIME, exclude=("tests/", "b/uv.lock"))
    assert [entry.name for entry in found.components] == ["a"]
    assert [(skip.what, skip.harmless) for skip in found.ledger.skipped] == [
        ("b/uv.lock", True),
        ("tests", True),
    ]
    assert found.ledger.adds_up


@pytest.mark.parametrize("name", ["gone", "file"])
def test_a_tree_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is not a folder"):
        build_sbom(tmp_path / name, TIME)


def test_links_out_of_the_tree_endless_files_and_pipes_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x==1\n")
    tree = write(tmp_path / "tree", {"large/requirements.txt": "a" * 200})
    (tree / "requirements.txt").symlink_to(tmp_path / "secret")
    (tree / "loop").symlink_to(tree / "loop")
    os.mkfifo(tree / "uv.lock")
    load = loader(tree, largest=100)
    for name, problem in (
        ("requirements.txt", "leaves the scanned tree"),
        ("large/requirements.txt", "200 bytes, and at most 100 are read"),
        ("uv.lock", "no plain file"),
        ("loop", "."),
        ("gone", "not there"),
        ("a\0b", "cannot be opened"),
    ):
        with pytest.raises(SourceUnreadable, match=problem):
            load(name)
    skipped = {skip.what for skip in bill(tree, {}).ledger.skipped}
    assert skipped >= {"requirements.txt", "uv.lock"}
