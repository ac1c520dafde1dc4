"""Backups that were cut off or changed."""

import hashlib
import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battery.reference.snapshots.archive import unpack
from battery.reference.snapshots.backing_up import back_up
from battery.reference.snapshots.content import content_digest
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.manifest import NAME, SEAL
from battery.reference.snapshots.restoring import restore

# The same folder may serve all examples: nothing in it changes.
_SHARED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    back_up(data, tmp_path / "backup")
    return tmp_path / "backup"


def _refused(changed: bytes, data: Path, place: Path) -> bool:
    """Whether a restore of it is refused, with every file of `data` as it was; one that is not must be equal."""
    before, digest = {p.name: p.read_bytes() for p in data.iterdir()}, content_digest(data)
    place.write_bytes(changed)
    try:
        restore(data, place)
    except SnapshotRefused:
        assert {p.name: p.read_bytes() for p in data.iterdir()} == before
        return True
    assert content_digest(data) == digest
    return False


@given(share=st.floats(0, 0.95))
@_SHARED
def test_one_that_is_cut_off_is_refused(backup: Path, data: Path, tmp_path: Path, share: float) -> None:
    whole = backup.read_bytes()
    assert _refused(whole[: int(len(whole) * share)], data, tmp_path / "cut")


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@_SHARED
def test_a_changed_bit_is_refused_or_changes_nothing(
    backup: Path, data: Path, tmp_path: Path, place: float, bit: int
) -> None:
    changed = bytearray(backup.read_bytes())
    changed[int(place * len(changed))] ^= 1 << bit
    _refused(bytes(changed), data, tmp_path / "changed")


@given(junk=st.binary(max_size=2000))
@_SHARED
def test_anything_else_is_refused(data: Path, tmp_path: Path, junk: bytes) -> None:
    assert _refused(junk, data, tmp_path / "junk")


def _rebuilt(backup: Path, change: Callable[[dict[str, bytes]], object], *, reseal: bool = True) -> bytes:
    """The same archive with other files, and the manifest sealed again."""
    with tarfile.open(backup) as archive:
        files = {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]
    change(files)
    if reseal and NAME in files:
        files[SEAL] = hashlib.sha256(files[NAME]).hexdigest().encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _manifest(files: dict[str, bytes], **changes: object) -> None:
    files[NAME] = msgspec.json.encode({**msgspec.json.decode(files[NAME]), **changes})


def _escaping(files: dict[str, bytes]) -> None:
    members = [{"name": "../escaped", "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}]
    for name in [name for name in files if name not in (NAME, SEAL)]:
        del files[name]
    files["../escaped"] = b"x"
    _manifest(files, members=members)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda files: files.pop("orders.sqlite3"), "not those of its manifest"),
        (lambda files: files.update({"more": b"x"}), "not those of its manifest"),
        (lambda files: files.pop(NAME), "it holds no manifest.json"),
        (lambda files: files.update({NAME: b"{}"}), "its manifest cannot be read"),
        (lambda files: files.update({NAME: b"x" * 2_000_000}), "its manifest.json is no file of a backup"),
        (lambda files: _manifest(files, format="other/2"), "its format is 'other/2'"),
        (lambda files: _manifest(files, digest="sha256:0"), "expected sha256:0"),
        (lambda files: files.update({"orders.sqlite3": b"x"}), "orders.sqlite3 has sha256"),
        (_escaping, "names '../escaped'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    backup: Path,
    data: Path,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], object],
    reason: str,
) -> None:
    changed = tmp_path / "changed"
    changed.write_bytes(_rebuilt(backup, change))
    with pytest.raises(SnapshotRefused, match=reason):
        restore(data, changed)
    assert not (tmp_path / "escaped").exists()


def test_a_manifest_that_was_changed_after_it_was_sealed_is_refused(backup: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    changed.write_bytes(_rebuilt(backup, lambda files: _manifest(files, taken_at="2030"), reseal=False))
    with pytest.raises(SnapshotRefused, match="its manifest was changed"):
        unpack(changed, tmp_path)


def test_a_damaged_database_behind_a_right_seal_is_refused(backup: Path, data: Path, tmp_path: Path) -> None:
    def damage(files: dict[str, bytes]) -> None:
        page = bytearray(files["orders.sqlite3"])
        page[4096:8192] = b"\xff" * 4096
        files["orders.sqlite3"] = bytes(page)
        members = [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
            if name not in (NAME, SEAL)
        ]
        _manifest(files, members=members)

    changed = tmp_path / "changed"
    changed.write_bytes(_rebuilt(backup, damage))
    before = content_digest(data)
    with pytest.raises(SnapshotRefused, match=r"is damaged|cannot be read"):
        restore(data, changed)
    assert content_digest(data) == before


def test_one_that_is_not_there_is_said_to_be_missing(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SnapshotRefused, match="is not there: name the file that backup wrote"):
        restore(data, tmp_path / "nowhere")
    shutil.rmtree(data)
    with pytest.raises(SnapshotRefused, match="is not there"):
        restore(data, tmp_path / "nowhere")
