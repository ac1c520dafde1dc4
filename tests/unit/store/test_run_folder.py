"""One run's folder: what is written is what is read, and anything else is told."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.errors import EvidenceCorrupt, StoreError
from battery.model.evidence import BlobRef, Evidence
from battery.model.plan import Plan
from battery.store import RunFolder, encode, evidence_name, sha256
from tests.fakes.plans import a_finding, a_plan, a_waiver, changed, full_plan, measured, some_evidence

PLAN = a_plan()


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "artifacts", PLAN)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def corruption(act: Callable[[], object]) -> str:
    with pytest.raises(EvidenceCorrupt) as caught:
        act()
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        act()
    assert caught.value.exit_code == 64
    return str(caught.value)


def test_a_new_run_holds_its_plan_first_and_latest_points_there(folder: RunFolder) -> None:
    artifacts = folder.path.parent
    assert names_in(folder.path) == ["blobs", "evidence", "plan.json"]
    assert (artifacts / "latest").readlink() == Path(PLAN.run)
    opened = RunFolder.open(artifacts / "latest")
    assert (opened.path, opened.plan(), opened.evidence()) == (folder.path.resolve(), PLAN, ())
    assert opened.digest() == sha256(encode(PLAN))


def test_latest_moves_to_the_next_run(folder: RunFolder) -> None:
    RunFolder.create(folder.path.parent, changed(PLAN, run="20260302-000000-000000"))
    assert (folder.path.parent / "latest").readlink() == Path("20260302-000000-000000")
    assert RunFolder.open(folder.path).plan() == PLAN


def test_a_run_that_exists_is_not_overwritten(folder: RunFolder) -> None:
    assert "exists already; finish it with --resume" in refusal(
        lambda: RunFolder.create(folder.path.parent, PLAN)
    )


def test_a_file_in_the_place_of_the_artifacts_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "artifacts").touch()
    message = refusal(lambda: RunFolder.create(tmp_path / "artifacts", PLAN))
    assert message.endswith(f"{PLAN.run}: cannot be made: Not a directory")


def test_a_folder_in_the_place_of_latest_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "latest" / "mine").mkdir(parents=True)
    assert refusal(lambda: RunFolder.create(tmp_path, PLAN)).endswith(
        "cannot be pointed at this run: Is a directory"
    )
    assert (tmp_path / "latest" / "mine").is_dir()
    assert not [name for name in names_in(tmp_path) if name.startswith(".")]


def test_a_read_only_artifacts_folder_is_told(mounted: Callable[[str], Path]) -> None:
    place = mounted("size=64k")
    mounted("remount,ro")
    assert refusal(lambda: RunFolder.create(place, PLAN)).endswith("cannot be made: Read-only file system")


def test_a_full_disk_leaves_no_empty_run_and_loses_no_earlier_one(mounted: Callable[[str], Path]) -> None:
    place = mounted("size=64k")
    earlier = RunFolder.create(place, changed(PLAN, run="earlier", gates=()))
    (place / "filler").write_bytes(b"x" * 20_000)
    with pytest.raises(StoreError, match="No space left on device"):
        RunFolder.create(place, full_plan(run="later", nonce="n" * 50_000))
    assert not (place / "later").exists()
    assert RunFolder.open(place / "latest").plan() == earlier.plan()
    with pytest.raises(StoreError, match="No space left on device"):
        earlier.write_blob("big", b"y" * 60_000, "text/plain")
    assert earlier.evidence() == ()


@pytest.mark.parametrize("name", ["absent", "empty", "loop", "file", "n" * 300])
def test_what_is_no_run_folder_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    assert "is no run folder" in refusal(lambda: RunFolder.open(tmp_path / name))


def test_another_versions_run_is_told(folder: RunFolder) -> None:
    (folder.path / "plan.json").write_text('{"format": 99, "whatever": 1}')
    message = refusal(lambda: RunFolder.open(folder.path))
    assert message.endswith(
        "written in run format 99, this battery reads format 1; use the battery version that made it"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"format": 1}',
        b'{"format": "1"}',
        b"[" * 100_000,
        b'{"format": 1, "x": 1}',
    ],
)
def test_a_plan_that_is_none_is_told(data: bytes, folder: RunFolder) -> None:
    (folder.path / "plan.json").write_bytes(data)
    assert "plan.json: is no plan: " in corruption(lambda: RunFolder.open(folder.path))


def test_evidence_and_blobs_come_back_as_they_were(folder: RunFolder) -> None:
    blob = folder.write_blob("log", b"hello", "text/plain")
    assert folder.write_blob("log", b"hello", "text/plain") == blob
    evidence = some_evidence(blobs=(blob,), findings=(a_finding(),), facts={"é": "\u2028"})
    folder.write_evidence(evidence)
    assert folder.evidence() == (evidence,)
    assert folder.read_blob(blob.sha256) == b"hello"
    assert set(folder.items()) == {"plan.json", "evidence/coverage.report.json", f"blobs/{sha256(b'hello')}"}


def test_an_atomic_write_that_was_cut_off_is_not_seen(folder: RunFolder) -> None:
    (folder.path / "evidence" / ".coverage.report.json.abc").write_bytes(b"{")
    (folder.path / "evidence" / ".hidden.json").write_bytes(b"{")
    assert folder.evidence() == ()
    assert set(folder.items()) == {"plan.json"}


def test_a_blob_that_was_changed_or_removed_is_told(folder: RunFolder) -> None:
    blob = folder.write_blob("log", b"hello", "text/plain")
    folder.write_evidence(some_evidence(blobs=(blob,)))
    path = folder.path / "blobs" / blob.sha256
    path.write_bytes(b"hullo")
    assert "its bytes have the digest" in corruption(folder.evidence)
    path.unlink()
    assert "cannot be read: No such file" in corruption(folder.evidence)


def test_a_blob_of_another_size_than_recorded_is_told(folder: RunFolder) -> None:
    blob = folder.write_blob("log", b"hello", "text/plain")
    folder.write_evidence(some_evidence(blobs=(changed(blob, size=4),)))
    assert "has 4 bytes; it has not" in corruption(folder.evidence)


@pytest.mark.parametrize("digest", ["../plan.json", "", "a" * 63, "A" * 64, "/etc/passwd", "a" * 64 + "\n"])
def test_a_blob_is_read_by_digest_and_by_nothing_else(digest: str, folder: RunFolder) -> None:
    assert "is no digest" in corruption(lambda: folder.read_blob(digest))
    blob = BlobRef(name="x", sha256=digest, size=1, media_type="x")
    folder.write_evidence(some_evidence(blobs=(blob,)))
    assert "is no evidence" in corruption(folder.evidence)


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_evidence_that_is_none_is_told(data: bytes, folder: RunFolder) -> None:
    (folder.path / "evidence" / "a.json").write_bytes(data)
    assert "a.json: is no evidence: " in corruption(folder.evidence)


def test_evidence_under_another_name_is_told(folder: RunFolder) -> None:
    (folder.path / "evidence" / "other.json").write_bytes(encode(some_evidence()))
    assert "holds the evidence of 'coverage.report'" in corruption(folder.evidence)


def test_a_foreign_file_among_the_evidence_is_told(folder: RunFolder) -> None:
    (folder.path / "evidence" / "notes.txt").write_text("hi")
    assert "is no evidence" in corruption(folder.evidence)


@pytest.mark.parametrize("part", ["evidence/coverage.report.json", "plan.json", "blobs"])
def test_links_are_refused(part: str, folder: RunFolder, tmp_path: Path) -> None:
    blob = folder.write_blob("log", b"hello", "text/plain")
    folder.write_evidence(some_evidence(blobs=(blob,)))
    path = folder.path / part
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    message = corruption(folder.items)
    assert "is not a plain file" in message or "is a link, expected a folder" in message


def test_links_pipes_and_folders_among_evidence_and_blobs_are_refused(folder: RunFolder) -> None:
    for part in ("evidence", "blobs"):
        path = folder.path / part / "x"
        os.mkfifo(path)
        assert corruption(folder.items).endswith("x: is not a plain file")
        path.unlink()
        path.symlink_to("/etc/passwd")
        assert corruption(folder.items).endswith("x: is not a plain file")
        path.unlink()
        path.mkdir()
        assert corruption(folder.items).endswith("x: is not a plain file")
        path.rmdir()


def test_a_folder_that_lost_a_part_is_told(folder: RunFolder) -> None:
    (folder.path / "blobs").rmdir()
    (folder.path / "evidence").rmdir()
    assert "cannot be read: No such file" in corruption(folder.evidence)
    assert "cannot be read: No such file" in corruption(folder.items)


def test_a_run_is_held_by_one_at_a_time(folder: RunFolder) -> None:
    with folder.locked():
        assert "another battery works on this run" in refusal(lambda: folder.locked().__enter__())
    with folder.locked():
        pass


def test_text_that_is_not_unicode_is_told(tmp_path: Path) -> None:
    message = refusal(lambda: RunFolder.create(tmp_path, changed(PLAN, folder="/a/\udcff")))
    assert message.endswith("'/a/\\udcff' is not Unicode text; rename it")
    assert names_in(tmp_path) == []


checks = st.text(st.sampled_from("aA./-_[]é0123456789abcdef\n "), max_size=30) | st.text(max_size=300)


@settings(deadline=None, max_examples=300)
@given(st.sets(checks, min_size=2, max_size=20))
def test_distinct_checks_have_distinct_plain_names(names: set[str]) -> None:
    files = {evidence_name(name) for name in names}
    assert len(files) == len(names)
    for file in files:
        folder, _, name = file.partition("/")
        assert folder == "evidence"
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name) < 200


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_a_name_that_was_made_from_another_does_not_take_its_place(name: str) -> None:
    made = evidence_name(name).removeprefix("evidence/").removesuffix(".json")
    assert made == name or evidence_name(made) != evidence_name(name)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
evidence_items = st.builds(
    lambda value, n, text, facts, status: some_evidence(
        "coverage.report",
        measured(value=value, lower=None, n=n, note=text),
        facts=facts,
        reason=text,
        status=status,
        findings=(a_finding(title=text, excerpt=text),),
    ),
    numbers,
    st.integers(-(2**63), 2**63 - 1) | st.none(),
    texts,
    st.dictionaries(texts, texts, max_size=3),
    st.sampled_from(("measured", "skipped", "errored", "missing")),
)


@settings(deadline=None)
@given(evidence_items)
def test_evidence_reads_back_equal(evidence: Evidence) -> None:
    assert msgspec.json.decode(encode(evidence), type=Evidence) == evidence


@settings(deadline=None, max_examples=50)
@given(texts, st.integers(0, 2**32), numbers, st.sampled_from(("smoke", "standard", "full")))
def test_a_plan_reads_back_equal(text: str, seed: int, deadline: float, intensity: Any) -> None:
    plan = full_plan(
        nonce=text, seed=seed, deadline=deadline, intensity=intensity, waivers=(a_waiver(reason=text),)
    )
    data = encode(plan)
    assert msgspec.json.decode(data, type=Plan) == plan
    assert encode(plan) == data
    assert data.endswith(b"}\n")
