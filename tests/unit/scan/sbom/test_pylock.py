"""pylock.toml: names, markers, origins, edges where they are given."""

from pathlib import Path, PurePosixPath

import pytest

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.pylock import Pylock
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable

ASSET = Path(__file__).parents[3] / "assets" / "sbom" / "pylock.toml"
HEAD = 'lock-version = "1.0"\ncreated-by = "me"\n'
SHA = "c" * 64


def read(text: str) -> Inventory:
    return Pylock().read(SourceFile("pylock.toml", text.encode()))


def test_a_real_lock_gives_every_package_with_hashes_and_markers() -> None:
    inventory = Pylock().read(SourceFile("pylock.toml", ASSET.read_bytes()))
    by_name = {entry.name: entry for entry in inventory.components}
    assert len(by_name) == 18
    assert all(len(entry.hashes) == 2 for entry in by_name.values())
    assert by_name["colorama"].markers == ("sys_platform == 'win32'",)
    assert {edge.on for edge in inventory.direct} == {entry.ref for entry in by_name.values()}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("pylock.toml", True),
        ("a/pylock.prod.toml", True),
        ("pylock.a.b.toml", False),
        ("mypylock.toml", False),
    ],
)
def test_the_name_is_that_of_the_standard(name: str, known: bool) -> None:
    assert Pylock().recognises(PurePosixPath(name)) is known


def test_origins_edges_and_local_projects_are_kept() -> None:
    inventory = read(
        HEAD
        + "[[packages]]\nname = 'a'\nversion = '1'\ndependencies = [{ name = 'b', version = '2' }]\n"
        + f"archive = {{ url = 'https://files.example/a.zip', hashes = {{ sha256 = '{SHA}' }} }}\n"
        + "[[packages]]\nname = 'b'\nversion = '2'\nmarker = \"'x' in extras\"\n"
        + "vcs = { type = 'git', url = 'https://git.example/b', commit-id = 'abc' }\n"
        + "[[packages]]\nname = 'c'\ndirectory = { path = '.' }\n"
        + "[[packages]]\nname = 'd'\nversion = '4'\nindex = 'https://index.example/simple/'\n"
    )
    by_name = {entry.name: entry for entry in inventory.components}
    assert by_name["a"].hashes == (f"sha256:{SHA}",)
    assert "download_url" in by_name["a"].purl
    assert "vcs_url=git%2Bhttps://git.example/b%40abc" in by_name["b"].purl
    assert by_name["c"].local
    assert "repository_url" in by_name["d"].purl
    assert [(edge.of, edge.on, edge.need) for edge in inventory.edges] == [
        (by_name["a"].ref, by_name["b"].ref, "optional")
    ]


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ('lock-version = "2.0"\npackages = []', "lock-version", "2.0 is not known"),
        (HEAD, "", "missing required field `packages`"),
        (
            HEAD + "[[packages]]\nname = 'a'\ndependencies = [{name = 'z'}]",
            "packages[0] (a).dependencies",
            "z is not",
        ),
        (
            HEAD + "[[packages]]\nname = 'a'\nsdist = {hashes = {sha256 = '1'}}",
            "packages[0] (a)",
            "64 hex digits",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, problem: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(text)
    assert caught.value.place == place
    assert problem in str(caught.value)
