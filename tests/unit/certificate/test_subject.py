"""The subject: a file, a digest, or a source tree in which every byte counts."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from battery.certificate.subject import from_digest, from_file, from_tree
from battery.errors import UsageError

HEX = "ab" * 32


def test_a_digest_is_read_as_images_are_named() -> None:
    subject = from_digest(f"registry.example:5000/shop@sha256:{HEX}")
    assert (subject.name, subject.sha256) == ("registry.example:5000/shop", HEX)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEX,
        f"sha256:{HEX}",
        f"@sha256:{HEX}",
        f"a@sha256:{HEX[:-1]}",
        f"a@sha256:{HEX.upper()}",
        f"a@sha256:{HEX}\n",
        f"a@sha512:{HEX}",
        f"a\nb@sha256:{HEX}",
    ],
)
def test_a_digest_in_any_other_form_is_bad_usage(text: str) -> None:
    with pytest.raises(UsageError, match="NAME@sha256:HEX"):
        from_digest(text)


def test_a_file_is_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "shop.tar"
    path.write_bytes(b"x" * 3_000_000)
    subject = from_file(path)
    assert (subject.name, subject.sha256) == ("shop.tar", hashlib.sha256(b"x" * 3_000_000).hexdigest())


def test_a_file_that_cannot_be_read_is_bad_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UsageError, match="--subject-file"):
            from_file(path)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small source tree."""
    root = tmp_path / "shop"
    (root / "app" / "artifacts").mkdir(parents=True)
    (root / "app" / "main.py").write_bytes(b"print()\n")
    (root / "app" / "artifacts" / "model.py").write_bytes(b"pass\n")
    (root / "link").symlink_to("app")
    return root


def relinked(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to("/etc")


def unlinked(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").write_bytes(b"app")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte changed": lambda root: (root / "app" / "main.py").write_bytes(b"print(1)\n"),
    "a file added": lambda root: (root / "new.py").write_bytes(b""),
    "a file removed": lambda root: (root / "app" / "main.py").rename(root.parent / "main.py"),
    "a file renamed": lambda root: (root / "app" / "main.py").rename(root / "app" / "other.py"),
    "a link pointed elsewhere": relinked,
    "a file in a link's place": unlinked,
    "code in a folder of the source that is named artifacts": lambda root: (
        root / "app" / "artifacts" / "model.py"
    ).write_bytes(b"import evil\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_another_tree_is_another_subject(tree: Path, change: Callable[[Path], object]) -> None:
    before = from_tree(tree)
    change(tree)
    assert from_tree(tree).sha256 != before.sha256


def test_what_tools_leave_behind_does_not_change_the_subject(tree: Path) -> None:
    before = from_tree(tree)
    for name in (".git", "artifacts", "node_modules", "app/__pycache__", "app/.venv"):
        (tree / name).mkdir()
        (tree / name / "file").write_bytes(b"x")
    assert from_tree(tree) == before
    assert before.name == "source:shop"


def test_a_loop_of_links_and_a_device_are_taken_as_what_they_are(tree: Path) -> None:
    import os

    (tree / "app" / "loop").symlink_to("..")
    (tree / "app" / "self").symlink_to("self")
    os.mkfifo(tree / "pipe")
    before = from_tree(tree)
    (tree / "pipe").unlink()
    assert from_tree(tree) != before


def test_a_name_that_is_not_utf_8_counts_like_any_other(tree: Path) -> None:
    import os

    before = from_tree(tree)
    (tree / os.fsdecode(b"caf\xe9")).write_bytes(b"")
    assert from_tree(tree) != before


def test_a_tree_that_is_absent_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--source"):
        from_tree(tmp_path / "absent")


def test_a_tree_with_a_file_that_cannot_be_read_is_bad_usage(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root reads everything, so the refusal of the operating system is played."""
    real = Path.open

    def refusing(self: Path, mode: str) -> object:
        if self.name == "main.py":
            raise PermissionError(13, "Permission denied")
        return real(self, mode)

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(UsageError, match=r"--source: .*main\.py: cannot be read: Permission denied"):
        from_tree(tree)


def test_a_folder_that_vanishes_or_cannot_be_listed_is_bad_usage(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def refusing(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(UsageError, match="cannot be read: Permission denied"):
        from_tree(tree)
