"""An installed environment: read as files, never run."""

import json
from pathlib import Path

import pytest

from battery.scan.sbom.component import Component
from battery.scan.sbom.environment import read_environment
from battery.scan.sbom.unreadable import SourceUnreadable
from tests.unit.scan.sbom.tree import distribution, write

SITE = "lib/python3.11/site-packages"


def by_name(path: Path) -> dict[str, Component]:
    return {entry.name: entry for entry in read_environment(path).components}


def test_names_licences_and_edges_come_from_the_metadata(tmp_path: Path) -> None:
    write(
        tmp_path,
        distribution(
            "A_b",
            "1.0",
            "License-Expression: MIT OR Apache-2.0",
            "Requires-Dist: c>=1",
            "Requires-Dist: gone",
        )
        | distribution(
            "c",
            "2.0",
            "Classifier: License :: OSI Approved :: MIT License",
            "Requires-Dist: c[x]; extra == 'y'",
        )
        | distribution("d", "3.0", "Requires-Dist: a-b ; os_name == 'nt'"),
    )
    inventory = read_environment(tmp_path)
    assert [(entry.ref, entry.licences) for entry in inventory.components] == [
        ("pkg:pypi/a-b@1.0", ("MIT OR Apache-2.0",)),
        ("pkg:pypi/c@2.0", ("MIT",)),
        ("pkg:pypi/d@3.0", ()),
    ]
    assert [(edge.of, edge.on, edge.need) for edge in inventory.edges] == [
        ("pkg:pypi/a-b@1.0", "pkg:pypi/c@2.0", "required"),
        ("pkg:pypi/d@3.0", "pkg:pypi/a-b@1.0", "optional"),
    ]
    assert inventory.reasons == ()


@pytest.mark.parametrize("within", ["", SITE, "bin/python"])
def test_an_environment_is_named_by_its_folder_its_packages_or_its_interpreter(
    tmp_path: Path, within: str
) -> None:
    write(tmp_path, distribution("a", "1.0") | {"bin/python": ""})
    assert set(by_name(tmp_path / within)) == {"a"}


def test_where_a_package_came_from_is_read_without_credentials(tmp_path: Path) -> None:
    git = {"url": "https://u:hunter2@git.example/g", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    archive = {"url": "https://files.example/h.zip", "archive_info": {"hashes": {"sha256": "e" * 64}}}
    index = {"url": "https://files.pythonhosted.org/i.whl", "archive_info": {}}
    write(
        tmp_path,
        distribution("g", "1", direct_url__json=json.dumps(git))
        | distribution("h", "1", direct_url__json=json.dumps(archive))
        | distribution("i", "1", direct_url__json=json.dumps(index))
        | distribution(
            "j", "1", direct_url__json=json.dumps({"url": "file:///j", "dir_info": {}}), RECORD="j.py,,\n"
        ),
    )
    found = by_name(tmp_path)
    assert found["g"].purl == "pkg:pypi/g@1?vcs_url=git%2Bhttps://git.example/g%40abc"
    assert found["h"].hashes == ("sha256:" + "e" * 64,)
    assert "download_url" in found["h"].purl
    assert found["i"].purl == "pkg:pypi/i@1"
    assert found["j"].local
    assert len(found["j"].record) == 64


def test_what_cannot_be_read_of_a_distribution_is_a_reason_and_hides_no_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        distribution("good", "1.0")
        | {
            f"{SITE}/{name}-1.dist-info/METADATA": text
            for name, text in {"noname": "Version: 1\n", "empty": ""}.items()
        }
        | distribution("req", "1.0", "Requires-Dist: ((")
        | distribution("url", "1.0", direct_url__json="{")
        | distribution(
            "hash",
            "1.0",
            direct_url__json='{"url": "https://a.example/", "archive_info": {"hashes": {"md5": "1"}}}',
        ),
    )
    (tmp_path / SITE / "bytes-1.dist-info").mkdir()
    (tmp_path / SITE / "bytes-1.dist-info" / "METADATA").write_bytes(b"Name: \xff\n")
    inventory = read_environment(tmp_path, "env")
    assert [entry.name for entry in inventory.components] == ["good"]
    told = "\n".join(sorted(inventory.reasons))
    for place in ("noname-1", "empty-1", "req-1.0", "url-1.0", "hash-1.0", "bytes-1"):
        assert f"env: {place}.dist-info: " in told


def test_old_eggs_are_read_too(tmp_path: Path) -> None:
    egg = f"{SITE}/old.egg-info"
    write(
        tmp_path,
        {f"{egg}/PKG-INFO": "Name: old\nVersion: 0.1\n", f"{egg}/requires.txt": "a\n"}
        | {f"{SITE}/single.egg-info": "Name: single\nVersion: 0.2\nLicense: UNKNOWN\n"}
        | distribution("a", "1.0"),
    )
    inventory = read_environment(tmp_path)
    assert {entry.ref for entry in inventory.components} == {
        "pkg:pypi/a@1.0",
        "pkg:pypi/old@0.1",
        "pkg:pypi/single@0.2",
    }
    assert [(edge.of, edge.on) for edge in inventory.edges] == [("pkg:pypi/old@0.1", "pkg:pypi/a@1.0")]


def test_path_files_add_folders_and_are_never_run(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "src", {"dev.egg-info/PKG-INFO": "Name: dev\nVersion: 0.1\n"})
    marker = tmp_path / "ran"
    lines = (
        f"# a comment\nimport pathlib; pathlib.Path({str(marker)!r}).touch()\n{elsewhere}\n/no/such/folder\n"
    )
    write(tmp_path / "venv", distribution("a", "1.0") | {f"{SITE}/links.pth": lines})
    assert set(by_name(tmp_path / "venv")) == {"a", "dev"}
    assert not marker.exists()


def test_packages_of_the_system_that_the_environment_also_sees_are_a_reason(tmp_path: Path) -> None:
    write(
        tmp_path,
        distribution("a", "1.0") | {"pyvenv.cfg": "home = /usr\ninclude-system-site-packages = true\n"},
    )
    (reason,) = read_environment(tmp_path).reasons
    assert "the system's packages were not read" in reason


@pytest.mark.parametrize("name", ["", "gone", "site-packages"])
def test_a_place_without_packages_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadable, match="no site-packages there: name a virtual environment"):
        read_environment(tmp_path / name)
