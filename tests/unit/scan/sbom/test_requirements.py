"""requirements.txt: what pip would read from it, and what it leaves unknown."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from battery.scan.sbom.component import Component, Inventory
from battery.scan.sbom.requirements import Requirements
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable

ASSET = Path(__file__).parents[3] / "assets" / "sbom" / "requirements.txt"
SHA = "sha256:" + "d" * 64


def read(text: str, others: Mapping[str, str] | None = None) -> Inventory:
    def load(name: str) -> bytes:
        if name not in (others or {}):
            raise SourceUnreadable(f"{name!r} is not there")
        return (others or {})[name].encode()

    return Requirements().read(SourceFile("requirements.txt", text.encode(), load))


def only(text: str) -> Component:
    (component,) = read(text).components
    return component


def test_a_real_file_gives_every_pin_with_its_hashes_marker_and_line() -> None:
    inventory = Requirements().read(SourceFile("requirements.txt", ASSET.read_bytes()))
    by_name = {entry.name: entry for entry in inventory.components}
    assert len(by_name) == 18
    assert all(len(entry.hashes) == 2 and entry.version for entry in by_name.values())
    assert by_name["colorama"].markers == ('sys_platform == "win32"',)
    assert by_name["anyio"].places == ("requirements.txt:1",)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("flask==3.0", "3.0"),
        ("flask===3.0", "3.0"),
        ("flask>=3", ""),
        ("flask", ""),
        ("flask==3.*", ""),
        ("Flask[async]==3.0  # why", "3.0"),
        ("flask \\\n  ==3.0 \\\n  --hash=" + SHA, "3.0"),
        ("flask==3.0 --config-settings=a=b", "3.0"),
    ],
)
def test_only_an_exact_pin_is_a_version(text: str, version: str) -> None:
    component = only(text)
    assert (component.name.lower(), component.version) == ("flask", version)


def test_a_constraint_pins_what_the_requirement_leaves_open() -> None:
    inventory = read("-c limits.txt\nflask>=2\n", {"limits.txt": "Flask==3.0\nother==1.0\n"})
    assert [entry.ref for entry in inventory.components] == ["pkg:pypi/flask@3.0"]


def test_included_files_are_read_once_even_when_they_include_each_other() -> None:
    inventory = read("-r sub/base.txt\na==1\n", {"sub/base.txt": "-r ../requirements.txt\nb==2\n"})
    assert {entry.places for entry in inventory.components} == {("sub/base.txt:2",), ("requirements.txt:2",)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-r gone.txt", "'gone.txt' is not there"),
        ("-r ../../etc/passwd", "leaves the scanned tree"),
        ("--requirement=/etc/passwd", "outside of the scanned tree"),
        ("https://u:hunter2@files.example/a.tar.gz", "https://***@files.example/a.tar.gz does not say"),
        ("wheels/a-1.0-py3-none-any.whl", "does not say which package"),
    ],
)
def test_what_cannot_be_told_is_a_reason(text: str, reason: str) -> None:
    (told,) = read(text).reasons
    assert told.startswith("requirements.txt:1: ")
    assert reason in told
    assert "hunter2" not in told


def test_paths_are_projects_of_the_tree_and_named_urls_are_packages() -> None:
    inventory = read(
        "-e ./lib[x]\n"
        "--editable=git+https://u:hunter2@git.example/g.git@abc#egg=g\n"
        "h @ https://files.example/h-1.0.whl\n"
        "k @ git+ssh://git@git.example/k.git@abc ; os_name == 'nt'\n"
    )
    local, *refs = sorted(entry.ref for entry in inventory.components)
    assert local == "local:pypi/lib"
    assert "hunter2" not in "".join(refs)
    assert refs[0].startswith("pkg:pypi/g?vcs_url=git%2Bhttps://git.example/g.git%40abc")
    assert refs[1] == "pkg:pypi/h?download_url=https://files.example/h-1.0.whl"
    assert refs[2].startswith("pkg:pypi/k?vcs_url=git%2Bssh://git%40git.example/k.git%40abc")


def test_options_of_the_whole_file_name_no_package() -> None:
    text = "--index-url https://u:p@index.example\n-i https://a\n--pre\n-f dir\n--require-hashes\n\n# none\n"
    assert read(text).components == ()


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a==1\n\nb=1", "line 3", "is no requirement"),
        ("--no-such-option", "line 1", "no option of pip"),
        (f"a==1 --hash={SHA}0", "line 1", "not 64 hex digits"),
        ("a==1 --hash=sha3:00", "line 1", "no hash of a known kind"),
        ("a @ https://u:hunter2@x.example/ y", "line 1", "is no requirement"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, place: str, problem: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(text)
    assert (caught.value.file, caught.value.place) == ("requirements.txt", place)
    assert problem in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_bytes_that_are_no_text_are_told_with_their_place() -> None:
    with pytest.raises(SourceUnreadable, match="byte 4: it is not UTF-8 text"):
        Requirements().read(SourceFile("requirements.txt", b"a==1\xff"))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("requirements.txt", True),
        ("requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements/base.txt", True),
        ("docs/notes.txt", False),
        ("requirements.md", False),
    ],
)
def test_the_usual_names_are_known(name: str, known: bool) -> None:
    assert Requirements().recognises(PurePosixPath(name)) is known
