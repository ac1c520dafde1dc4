"""poetry.lock: both formats, constraints, groups, origins."""

from pathlib import Path

import pytest

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.merging import merged
from battery.scan.sbom.poetry_lock import PoetryLock
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable

ASSETS = Path(__file__).parents[3] / "assets" / "sbom"
FOOT = '\n[metadata]\nlock-version = "2.1"\n'
SHA = "sha256:" + "b" * 64


def read(text: str) -> Inventory:
    return PoetryLock().read(SourceFile("poetry.lock", text.encode()))


def package(name: str, version: str = "1.0", more: str = "") -> str:
    return f"[[package]]\nname = '{name}'\nversion = '{version}'\n{more}\n"


def test_the_lock_tells_the_same_packages_and_hashes_as_uv_s_of_the_same_project() -> None:
    from battery.scan.sbom.uv_lock import UvLock

    mine = merged([PoetryLock().read(SourceFile("poetry.lock", (ASSETS / "poetry.lock").read_bytes()))])
    uvs = merged([UvLock().read(SourceFile("uv.lock", (ASSETS / "uv.lock").read_bytes()))])
    assert {entry.ref: (sorted(entry.hashes), entry.need) for entry in mine.components} == {
        entry.ref: (sorted(entry.hashes), entry.need) for entry in uvs.components if not entry.local
    }


def test_files_of_the_old_format_stand_under_metadata() -> None:
    inventory = read(
        package("a", more="category = 'dev'")
        + f'[metadata]\nlock-version = "1.1"\n[metadata.files]\na = [{{file = "a.whl", hash = "{SHA}"}}]\n'
    )
    assert inventory.components[0].hashes == (SHA,)
    assert inventory.direct[0].need == "development"


def test_a_constraint_chooses_among_several_versions_and_an_unknown_one_chooses_all() -> None:
    forked = package("b", "1.5") + package("b", "2.5")
    asked = "[package.dependencies]\nb = [{version = '>=1,<2', markers = \"os_name == 'nt'\"}, '^2.5']"
    inventory = read(package("a", more=asked) + forked + FOOT)
    assert [(edge.on, edge.need) for edge in inventory.edges] == [
        ("pkg:pypi/b@1.5", "optional"),
        ("pkg:pypi/b@1.5", "required"),
        ("pkg:pypi/b@2.5", "required"),
    ]


def test_a_dependency_that_the_lock_lacks_is_a_reason_unless_it_is_conditional() -> None:
    asked = "[package.dependencies]\ngone = '*'\nextra = {version = '*', optional = true}"
    inventory = read(package("a", more=asked) + FOOT)
    assert inventory.reasons == ("package[0] (a).dependencies.gone is not in the lock",)


def test_a_main_package_that_only_a_dev_package_needs_is_the_project_s_own_wish() -> None:
    inventory = read(
        package("tool", more="groups = ['dev']\n[package.dependencies]\nlib = '*'")
        + package("lib", more="groups = ['main', 'dev']")
        + FOOT
    )
    needs = {entry.name: entry.need for entry in merged([inventory]).components}
    assert needs == {"tool": "development", "lib": "required"}


def test_origins_and_markers_are_kept() -> None:
    git = "[package.source]\ntype = 'git'\nurl = 'https://u:p@git.example/g.git'\nresolved_reference = 'abc'"
    inventory = read(
        package("g", more=git)
        + package("u", more="[package.source]\ntype = 'url'\nurl = 'https://files.example/u.whl'")
        + package("l", more="[package.source]\ntype = 'legacy'\nurl = 'https://index.example/simple'")
        + package("d", more="[package.source]\ntype = 'directory'\nurl = '../d'")
        + package("m", more="markers = {main = \"os_name == 'nt'\", dev = \"os_name == 'posix'\"}")
        + FOOT
    )
    by_name = {entry.name: entry for entry in inventory.components}
    assert by_name["g"].purl == "pkg:pypi/g@1.0?vcs_url=git%2Bhttps://git.example/g.git%40abc"
    assert "download_url" in by_name["u"].purl
    assert "repository_url" in by_name["l"].purl
    assert by_name["d"].local
    assert by_name["m"].markers == ("(os_name == 'posix') or (os_name == 'nt')",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (package("a"), ""),
        ('[metadata]\nlock-version = "9"', "metadata.lock-version"),
        (
            package("a", more="[package.dependencies]\nb = {version = 1}") + FOOT,
            "package[0] (a).dependencies.b",
        ),
        (package("a", more="files = [{file = 'a', hash = 'crc:1'}]") + FOOT, "package[0] (a)"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(text)
    assert caught.value.place == place
