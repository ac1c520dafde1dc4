"""Detection: what is read, what is refused, and what is not entered."""

import os
from pathlib import Path

from battery.scan.sbom.detecting import detect, ecosystem_of, source_for
from tests.unit.scan.sbom.tree import write


def test_sources_environments_and_manifests_are_found_where_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "uv.lock": "", "web/package-lock.json": "", "web/package.json": "", "requirements/dev.txt": "",
            "venv/pyvenv.cfg": "", "venv/lib/requirements.txt": "", "node_modules/a/package.json": "",
            ".git/uv.lock": "", "notes.txt": "",
        },
    )  # fmt: skip
    found = detect(tmp_path)
    assert found.sources == ("requirements/dev.txt", "uv.lock", "web/package-lock.json")
    assert found.environments == ("venv",)
    assert found.manifests == ("web/package.json",)
    assert found.skipped == ()


def test_a_lock_that_cannot_be_read_does_harm_unless_one_beside_it_speaks_for_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/yarn.lock": "",
            "b/yarn.lock": "",
            "b/package-lock.json": "",
            "Cargo.lock": "",
            "Pipfile.lock": "",
        },
    )
    found = {skip.what: skip.harmless for skip in detect(tmp_path).skipped}
    assert found == {"a/yarn.lock": False, "b/yarn.lock": True, "Cargo.lock": False, "Pipfile.lock": False}


def test_a_folder_that_cannot_be_listed_does_harm(tmp_path: Path) -> None:
    # Deeper than the system can name: no permission would stop root, who runs these tests in CI.
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    (skip,) = detect(tmp_path).skipped
    assert skip.what.startswith("ddd")
    assert (skip.reason, skip.harmless) == ("the folder cannot be read (File name too long)", False)


def test_every_source_knows_its_ecosystem() -> None:
    assert ecosystem_of("web/package.json") == ecosystem_of("npm-shrinkwrap.json") == "npm"
    assert ecosystem_of("pyproject.toml") == ecosystem_of("a/pylock.x.toml") == "PyPI"
    assert source_for("README.md") is None
