"""uv.lock: edges, extras, groups, forks, and what is refused with its place."""

from pathlib import Path

import pytest

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.merging import merged
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable
from battery.scan.sbom.uv_lock import UvLock

ASSET = Path(__file__).parents[3] / "assets" / "sbom" / "uv.lock"
SHA = "sha256:" + "a" * 64


def read(text: str) -> Inventory:
    return UvLock().read(SourceFile("uv.lock", text.encode()))


def package(
    name: str, version: str = "1.0", more: str = "", source: str = "{ registry = 'https://pypi.org/simple' }"
) -> str:
    return f"[[package]]\nname = '{name}'\nversion = '{version}'\nsource = {source}\n{more}\n"


def test_a_real_lock_gives_every_package_with_hashes_edges_and_needs() -> None:
    graph = merged([UvLock().read(SourceFile("uv.lock", ASSET.read_bytes()))])
    by_name = {component.name: component for component in graph.components}
    assert len(by_name) == 19
    assert by_name["httpx"].purl.startswith("pkg:pypi/httpx@")
    assert all(len(entry.hashes) == 2 for entry in graph.components if not entry.local)
    assert {name: by_name[name].need for name in ("httpx", "h2", "pytest", "socksio")} == {
        "httpx": "required",
        "h2": "optional",
        "pytest": "development",
        "socksio": "required",  # the project asks for httpx[socks]
    }
    assert by_name["shop"].local
    assert by_name["colorama"].markers == ('sys_platform == "win32"',)
    assert any(edge.of == by_name["httpx"].ref and edge.on == by_name["idna"].ref for edge in graph.edges)


def test_a_fork_keeps_both_versions_and_leads_to_the_one_that_is_named() -> None:
    inventory = read(
        "version = 1\n"
        + package("a", more="dependencies = [{ name = 'b', version = '2.0', marker = \"os_name == 'nt'\" }]")
        + package("b", "1.0", "resolution-markers = [\"os_name != 'nt'\"]")
        + package("b", "2.0")
    )
    assert [(edge.of, edge.on) for edge in inventory.edges] == [("pkg:pypi/a@1.0", "pkg:pypi/b@2.0")]
    assert {entry.version: entry.markers for entry in inventory.components if entry.name == "b"} == {
        "1.0": ("os_name != 'nt'",),
        "2.0": (),
    }


def test_an_origin_other_than_the_public_index_is_in_the_package_url_without_its_credentials() -> None:
    inventory = read(
        "version = 1\n"
        + package("a", source="{ git = 'https://user:hunter2@git.example/a?rev=1#abc' }")
        + package("b", source="{ registry = 'https://user:hunter2@index.example/simple' }")
        + package("c", source="{ url = 'https://files.example/c.whl' }")
    )
    urls = [component.purl for component in inventory.components]
    assert "hunter2" not in "".join(urls)
    assert "vcs_url=git%2Bhttps://git.example/a" in urls[0]
    assert "repository_url=https://index.example/simple" in urls[1]
    assert "download_url=https://files.example/c.whl" in urls[2]


def test_an_extra_that_only_the_dev_group_asks_for_is_for_development() -> None:
    inventory = read(
        "version = 1\n"
        + package(
            "a",
            more="[package.dev-dependencies]\ndev = [{ name = 'b', extra = ['x'] }]",
            source="{ virtual = '.' }",
        )
        + package("b", more="[package.optional-dependencies]\nx = [{ name = 'c' }]")
        + package("c")
    )
    needs = {(edge.of, edge.on): edge.need for edge in inventory.edges}
    assert needs["pkg:pypi/b@1.0", "pkg:pypi/c@1.0"] == "development"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("version = 2", "version", "version 2 is not known"),
        ("version = \n", "line 1", "not TOML"),
        ("version = 1\npackage = [{ name = 3 }]", "$.package[0].name", "Expected `str`"),
        ("version = 1\n" + package("a", ""), "package[0] (a)", "no version"),
        (
            "version = 1\n" + package("a", more=f"sdist = {{ hash = '{SHA[:-1]}' }}"),
            "package[0] (a)",
            "not 64 hex digits",
        ),
        (
            "version = 1\n" + package("a", more="dependencies = [{ name = 'gone' }]"),
            "package[0] (a).dependencies",
            "gone is not in the lock",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, problem: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(text)
    assert place in caught.value.place
    assert problem in caught.value.problem
