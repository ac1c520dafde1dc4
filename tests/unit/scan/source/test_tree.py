"""The walk of a source tree: everything is either a file to scan or a skip with its reason."""

import os
import socket
from pathlib import Path

import pytest

from battery.errors import UsageError
from battery.scan.source.tree import Tree, shown, tree_of
from tests.unit.scan.source.conftest import Plant


def skips(tree: Tree) -> dict[str, tuple[str, bool]]:
    return {skip.what: (skip.reason, skip.harmless) for skip in tree.skipped}


def test_every_file_below_the_root_is_found_in_the_order_of_names(plant: Plant) -> None:
    tree = tree_of(plant({"b.py": "x", "a/z.txt": "", "a/b/c": "yy", ".env": "1"}))
    assert [(file.name, file.size) for file in tree.files] == [
        (".env", 1),
        ("a/b/c", 2),
        ("a/z.txt", 0),
        ("b.py", 1),
    ]
    assert tree.discovered == 4


def test_a_root_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist; name the folder"):
        tree_of(tmp_path / "none")


def test_a_root_that_is_a_file_is_said(plant: Plant) -> None:
    with pytest.raises(UsageError, match="is a file; name the folder"):
        tree_of(plant({"a": ""}) / "a")


def test_folders_that_tools_make_are_skipped_by_name(plant: Plant) -> None:
    root = plant(
        {".git/HEAD": "", "node_modules/x.js": "", "venv/pyvenv.cfg": "", "venv/a.py": "", "app.py": ""}
    )
    tree = tree_of(root)
    assert [file.name for file in tree.files] == ["app.py"]
    assert set(skips(tree)) == {".git/", "node_modules/", "venv/"}
    assert all(harmless for _, harmless in skips(tree).values())


def test_a_name_that_merely_contains_such_a_folder_is_scanned(plant: Plant) -> None:
    tree = tree_of(plant({".github/x.yml": "", "my.git/x": "", "node_modules_of_mine/x": ""}))
    assert len(tree.files) == 3


def test_an_exclusion_is_exact(plant: Plant) -> None:
    root = plant({"data/a": "", "data2/a": "", "x/data/a": "", "f.txt": ""})
    tree = tree_of(root, exclude=("data/", "f.txt"))
    assert [file.name for file in tree.files] == ["data2/a", "x/data/a"]
    assert skips(tree) == {
        "data": ("excluded by the caller", True),
        "f.txt": ("excluded by the caller", True),
    }


def test_an_exclusion_of_nothing_is_an_error(plant: Plant) -> None:
    with pytest.raises(UsageError, match="excluded path dta is not in"):
        tree_of(plant({"data/a": ""}), exclude=("dta",))


def test_a_loop_of_links_ends(plant: Plant) -> None:
    root = plant({"a/f": ""})
    (root / "a/up").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    tree = tree_of(root)
    assert [file.name for file in tree.files] == ["a/f"]
    assert skips(tree)["a/up"][0].startswith("a symbolic link into the tree")
    assert skips(tree)["self"] == ("a symbolic link to nothing", True)


def test_a_link_out_of_the_tree_makes_the_scan_incomplete(plant: Plant, tmp_path: Path) -> None:
    root = plant({"f": ""})
    (tmp_path / "other").write_text("")
    (root / "out").symlink_to(tmp_path / "other")
    reason, harmless = skips(tree_of(root))["out"]
    assert "out of the tree" in reason
    assert not harmless


def test_a_folder_beside_the_root_is_not_inside_it(plant: Plant, tmp_path: Path) -> None:
    root = plant({"f": ""})
    (tmp_path / "tree2").mkdir()
    (root / "out").symlink_to(tmp_path / "tree2")
    assert not skips(tree_of(root))["out"][1]


def test_a_large_binary_is_left_out_and_a_large_text_is_missed(plant: Plant) -> None:
    tree = tree_of(plant({"b.bin": b"\0" * 200, "t.txt": "x" * 200, "s.txt": "x"}), largest=100)
    assert [file.name for file in tree.files] == ["s.txt"]
    assert skips(tree)["b.bin"][1]
    reason, harmless = skips(tree)["t.txt"]
    assert "exclude it by name" in reason
    assert not harmless


def test_a_socket_is_no_file(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    root = plant({"f": ""})
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert "socket" in skips(tree_of(root))["s"][0]


def test_a_folder_that_cannot_be_listed_is_no_harmless_skip(plant: Plant) -> None:
    # Root reads everything, so the folder is made unreadable by its path: longer than the system takes.
    root = plant({"f": ""})
    here = os.open(root, os.O_RDONLY)
    try:
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=here)
            below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    tree = tree_of(root)
    (skip,) = tree.skipped
    assert "folder cannot be read: File name too long" in skip.reason
    assert not skip.harmless


def test_a_name_that_is_no_utf8_is_shown_with_escapes(plant: Plant) -> None:
    root = plant({"f": ""})
    (root / os.fsdecode(b"\xff\n.py")).write_bytes(b"x")
    strange = tree_of(root).files[0]
    assert strange.name.startswith("\\xff")
    assert Path(strange.path).read_bytes() == b"x"
    assert shown("plain") == "plain"


def test_an_empty_folder_has_nothing(plant: Plant) -> None:
    assert tree_of(plant({})).discovered == 0
