"""package-lock.json: folders resolved as Node does, workspaces, platforms, and the refusal of version 1."""

import json
from pathlib import Path
from typing import Any

import pytest

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.merging import merged
from battery.scan.sbom.package_lock import PackageLock
from battery.scan.sbom.source import SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable

ASSETS = Path(__file__).parents[3] / "assets" / "sbom"
SHA1 = "sha1-qvTGHdzF6KLavt4PO0gs2a6pQ00="


def read(packages: dict[str, Any], version: int = 3) -> Inventory:
    document = {"lockfileVersion": version, "packages": packages}
    return PackageLock().read(SourceFile("package-lock.json", json.dumps(document).encode()))


def asset(name: str) -> Inventory:
    return PackageLock().read(SourceFile("package-lock.json", (ASSETS / name).read_bytes()))


def test_a_real_lock_gives_packages_licences_hashes_needs_and_platforms() -> None:
    graph = merged([asset("package-lock.json")])
    by_ref = {entry.ref: entry for entry in graph.components}
    assert len(by_ref) == 23
    old = by_ref["pkg:npm/semver@5.7.2"]  # asked for under another name, npm:semver@5.7.2
    assert (old.need, old.licences, old.hashes[0][:7]) == ("development", ("ISC",), "sha512:")
    assert by_ref["pkg:npm/fsevents@2.3.3"].markers == ("os in darwin",)
    assert by_ref["local:npm/@shop/cart@0.1.0"].local
    # debug asks for ms 2.0.0, which stands in a folder of its own; the workspace gets 2.1.3.
    assert {edge.of for edge in graph.edges if edge.on == "pkg:npm/ms@2.0.0"} == {"pkg:npm/debug@2.6.9"}
    assert "local:npm/@shop/cart@0.1.0" in {edge.of for edge in graph.edges if edge.on == "pkg:npm/ms@2.1.3"}


def test_versions_2_and_3_tell_the_same() -> None:
    assert asset("package-lock.v2.json") == asset("package-lock.json")


def test_version_1_is_refused_with_the_command_that_renews_it() -> None:
    with pytest.raises(SourceUnreadable, match=r"lockfileVersion 1 is not read.*--lockfile-version 3"):
        asset("package-lock.v1.json")


def test_a_package_is_searched_upwards_from_the_folder_that_asks() -> None:
    inventory = read(
        {
            "": {"dependencies": {"a": "1"}},
            "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "1", "c": "1"}},
            "node_modules/a/node_modules/b": {"version": "1.0.0", "dependencies": {"c": "1"}},
            "node_modules/b": {"version": "2.0.0"},
            "node_modules/c": {"version": "3.0.0"},
        }
    )
    assert {(edge.of, edge.on) for edge in inventory.edges} == {
        ("pkg:npm/a@1.0.0", "pkg:npm/b@1.0.0"),
        ("pkg:npm/a@1.0.0", "pkg:npm/c@3.0.0"),
        ("pkg:npm/b@1.0.0", "pkg:npm/c@3.0.0"),
    }


def test_what_a_package_needs_and_the_lock_lacks_is_a_reason_unless_it_may_be_absent() -> None:
    inventory = read(
        {
            "": {"dependencies": {"gone": "1"}, "optionalDependencies": {"maybe": "1"}},
            "node_modules/p": {"version": "1.0.0", "peerDependencies": {"peer": "1"}},
        }
    )
    assert inventory.reasons == ("package-lock.json: gone, which the project needs, is not in the lock",)


def test_origins_old_licences_and_platforms_are_read() -> None:
    inventory = read(
        {
            "": {},
            "node_modules/@s/g": {
                "version": "1.0.0",
                "resolved": "git+ssh://git@git.example/g.git#abc",
                "license": {"type": "MIT"},
                "os": "linux",
                "cpu": ["x64", "arm64"],
                "integrity": SHA1,
            },
            "node_modules/t": {
                "version": "1.0.0",
                "resolved": "https://u:hunter2@r.example/t.tgz",
                "license": [7, "X"],
            },
            "node_modules/i": {"version": "1.0.0", "inBundle": True, "resolved": True},
            "node_modules/r": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/r/-/r-1.0.0.tgz"},
        }
    )
    by_name = {entry.name: entry for entry in inventory.components}
    assert by_name["@s/g"].purl == "pkg:npm/%40s/g@1.0.0?vcs_url=git%2Bssh://git%40git.example/g.git%23abc"
    assert by_name["@s/g"].licences == ("MIT",)
    assert by_name["@s/g"].markers == ("os in linux and cpu in x64|arm64",)
    assert by_name["@s/g"].hashes == ("sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",)
    assert by_name["t"].purl == "pkg:npm/t@1.0.0?download_url=https://r.example/t.tgz"
    assert by_name["t"].licences == ("X",)
    assert by_name["r"].purl == "pkg:npm/r@1.0.0"


@pytest.mark.parametrize(
    ("packages", "place", "problem"),
    [
        ({}, "packages", "the project's own entry"),
        ({"": {}, "node_modules/a": {}}, "packages['node_modules/a']", "no version"),
        ({"": {}, "node_modules/": {"version": "1"}}, "packages['node_modules/']", "no name"),
        (
            {"": {}, "node_modules/a": {"version": "1", "integrity": "sha1-?"}},
            "packages['node_modules/a']",
            "hash",
        ),
        (
            {"": {}, "node_modules/a": {"version": "1", "integrity": "sha1-é"}},
            "packages['node_modules/a']",
            "hash",
        ),
        ({"": {}, "node_modules/a": {"link": True, "resolved": "w"}}, "packages", "a link leads to 'w'"),
        ({"": {"dependencies": []}}, "$.packages[...].dependencies", "Expected `object`"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(packages: dict[str, Any], place: str, problem: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(packages)
    assert caught.value.place == place
    assert problem in caught.value.problem


def test_a_syntax_error_is_told_with_line_and_column() -> None:
    with pytest.raises(SourceUnreadable, match="line 2, column 1: it is not JSON"):
        PackageLock().read(SourceFile("package-lock.json", b"{\n"))
