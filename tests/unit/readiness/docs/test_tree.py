"""Links, README, runbooks, licence and changelog of a source tree."""

import shutil
from pathlib import Path

import pytest

from battery.readiness.docs.links import count_links, link_flaws
from battery.readiness.docs.presence import presence_flaws
from battery.readiness.docs.readme import readme_flaws
from battery.readiness.docs.runbooks import AlertRunbook, resolve, runbook_flaws
from battery.readiness.docs.tree import LARGEST, DocumentsUnreadable, DocumentTree

ASSET = Path(__file__).parents[3] / "assets" / "docs_tree"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return shutil.copytree(ASSET, tmp_path / "tree")


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def dead(root: Path, text: str) -> list[str]:
    write(root, "docs/page.md", text)
    return [f"{flaw.where} {flaw.text}" for flaw in link_flaws(DocumentTree(root), ["docs/page.md"])]


def test_a_careful_tree_has_no_flaw(root: Path) -> None:
    tree = DocumentTree(root)
    documents = tree.documents()
    assert documents == (
        "CHANGELOG.md",
        "README.md",
        "docs/quickstart.md",
        "docs/runbooks/all.md",
        "docs/runbooks/orders-errors.md",
    )
    assert link_flaws(tree, documents) == ()
    assert count_links(tree, documents) == 8
    assert readme_flaws(tree) == ()
    assert presence_flaws(tree) == ()


@pytest.mark.parametrize(
    ("link", "trouble"),
    [
        ("gone.md", "no such file"),
        ("../readme.md", "in this spelling"),
        ("../../outside.md", "no such file"),
        ("../README.md#nothing", "no heading of docs/../README.md makes the anchor #nothing"),
        ("#nothing", "no heading of docs/page.md"),
        ("openapi.yaml#paths", "an anchor into something that is no document"),
        ("bad%00name.md", "no such file"),
    ],
)
def test_a_dead_link_is_told_with_its_line(root: Path, link: str, trouble: str) -> None:
    (flaw,) = dead(root, f"# Page\n\nsee [it]({link})\n")
    assert flaw.startswith(f"docs/page.md:3 {link}: ")
    assert trouble in flaw


@pytest.mark.parametrize(
    "link",
    [
        *("../README.md", "/README.md", "../README.md#Install", "#page", "runbooks", "openapi.yaml#L3-L5"),
        *("picture%20one.svg?raw=1", "https://gone.example", "mailto:a@b.example", "//cdn.example/x"),
        "../README.md#user-content-install",
    ],
)
def test_a_living_link_is_not_told(root: Path, link: str) -> None:
    assert dead(root, f"# Page\n[it]({link})\n") == []


def test_a_link_through_a_symlink_out_of_the_tree_is_dead(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x", encoding="utf-8")
    (root / "docs" / "out.md").symlink_to(tmp_path / "secret.md")
    assert len(dead(root, "[it](out.md)\n")) == 1


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ["what", "install", "run", "test"]),
        ("# X\n\n![badge](b.svg)\n\n## Install\n\n## Usage\nrun\n## Tests\nt\n", ["what", "install"]),
        ("# X\nIt does a thing for people.\n## Getting started\nx\n## Running\nx\n## Contributing\nx\n", []),
        (
            "# X\nIt does a thing for people.\n## Install\n### Debian\n## Run\n```sh\nx\n```\n",
            ["install", "test"],
        ),
    ],
)
def test_what_a_readme_does_not_tell_is_told(root: Path, text: str, missing: list[str]) -> None:
    write(root, "README.md", text)
    assert [flaw.rule for flaw in readme_flaws(DocumentTree(root))] == [
        f"docs.readme.{one}" for one in missing
    ]


def test_trees_and_documents_that_are_not_there_are_one_line(root: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentsUnreadable, match="no such folder"):
        DocumentTree(tmp_path / "nowhere")
    with pytest.raises(DocumentsUnreadable, match="no such document"):
        readme_flaws(DocumentTree(root), "README.rst")
    write(root, "large.md", "x" * (LARGEST + 1))
    with pytest.raises(DocumentsUnreadable, match="larger than"):
        DocumentTree(root).document("large.md")


def runbook(root: Path, url: str, folder: str = "") -> list[str]:
    return [
        flaw.rule for flaw in runbook_flaws(DocumentTree(root), [AlertRunbook(alert="A", url=url)], folder)
    ]


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("docs/runbooks/orders-errors.md", ""),
        ("https://example.org/shop/blob/main/docs/runbooks/orders-errors.md", ""),
        ("https://runbooks.example/orders-errors", "docs/runbooks"),
        ("orders-errors", "docs/runbooks/"),
        ("/docs/runbooks/all.md#orders-slow", ""),
    ],
)
def test_a_runbook_that_is_found_and_tells_all_has_no_flaw(root: Path, url: str, folder: str) -> None:
    assert runbook(root, url, folder) == []


@pytest.mark.parametrize(
    ("url", "rules"),
    [
        ("", ["docs.runbook"]),
        ("docs/runbooks/gone.md", ["docs.runbook"]),
        ("https://[broken", ["docs.runbook"]),
        ("https://example.org/", ["docs.runbook"]),
        ("docs/runbooks/all.md#gone", ["docs.runbook"]),
        ("docs/runbooks/all.md#worker-silent", ["docs.runbook.diagnosis", "docs.runbook.rollback"]),
        ("CHANGELOG.md", [f"docs.runbook.{s}" for s in ("symptom", "diagnosis", "mitigation", "rollback")]),
    ],
)
def test_a_runbook_that_is_missing_or_incomplete_is_told(root: Path, url: str, rules: list[str]) -> None:
    assert runbook(root, url) == rules


def test_a_runbook_too_large_to_read_is_told(root: Path) -> None:
    write(root, "docs/large.md", "x" * (LARGEST + 1))
    assert runbook(root, "docs/large.md") == ["docs.runbook"]


def test_a_runbook_url_never_leads_out_of_the_tree(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x", encoding="utf-8")
    assert resolve(DocumentTree(root), "../secret.md") == ("", "")


def test_a_licence_without_words_and_no_changelog_are_told(root: Path) -> None:
    write(root, "LICENSE", "MIT")
    (root / "CHANGELOG.md").unlink()
    assert [flaw.rule for flaw in presence_flaws(DocumentTree(root))] == ["docs.licence", "docs.changelog"]
    write(root, "docs/HISTORY.md", "1.0")
    (root / "LICENSE").unlink()
    write(root, "LICENSES/MIT.txt", "x")
    assert presence_flaws(DocumentTree(root)) == ()


def test_hidden_and_installed_folders_are_not_the_projects_documents(root: Path) -> None:
    for path in (".github/x.md", "node_modules/y/README.md", "venv/z.md"):
        write(root, path, "[dead](gone.md)")
    assert len(DocumentTree(root).documents()) == 5


def test_a_tree_of_endless_documents_is_refused(tmp_path: Path) -> None:
    for number in range(2001):
        (tmp_path / f"{number}.md").touch()
    with pytest.raises(DocumentsUnreadable, match="more than 2000 documents"):
        DocumentTree(tmp_path).documents()
