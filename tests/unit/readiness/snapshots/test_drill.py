"""The drill of backup, destruction and restore: an honest one, and each way in which a command can lie."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.model.capabilities import SnapshotsShown
from battery.readiness.snapshots.content import EMPTY, digest_of
from battery.readiness.snapshots.drill import BackupDrill, Rehearsal
from tests.fakes.naps import nap, napping

BACKUP = ("sh", "-c", "cp -r data {backup}")
DESTROY = ("rm", "-rf", "data")
RESTORE = ("sh", "-c", "cp -r {backup} data")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A service's folder with content."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders").write_text("1 tea\n")
    return tmp_path


def rehearse(
    base: Path,
    *,
    write: Callable[[], object] | None = None,
    ready: Callable[[], bool] = lambda: True,
    **given: Any,
) -> BackupDrill:
    defaults: dict[str, Any] = {"backup": BACKUP, "destroy": DESTROY, "restore": RESTORE, "limit": "1 min"}
    if "digest_command" not in given:
        defaults["content"] = ("data",)
    shown = SnapshotsShown(**defaults | given)
    scratch = base / f"scratch-{len(list(base.iterdir()))}"
    scratch.mkdir()
    return Rehearsal(shown, base, scratch, os.environ, write=write, ready=ready).run()


def append(base: Path) -> None:
    with (base / "data" / "orders").open("a") as file:
        file.write("2 rum\n")


def test_an_honest_backup_brings_everything_back(base: Path) -> None:
    done = rehearse(base, write=lambda: append(base))
    assert done.trouble == ""
    assert done.wrote is True
    assert done.before == done.at_destruction == done.restored
    assert done.destroyed == EMPTY
    assert done.recovery_point is not None
    assert done.recovery_time is not None
    assert [ran.name for ran in done.ran] == ["backup", "destroy", "restore"]
    assert (base / "data" / "orders").read_text() == "1 tea\n2 rum\n"


def test_a_backup_that_lies_is_found_by_what_comes_back(base: Path) -> None:
    liar = ("sh", "-c", "mkdir {backup} && echo everything is safe")
    done = rehearse(base, backup=liar)
    assert done.ran[0].code == 0
    assert done.before != done.restored == EMPTY


def test_an_old_backup_does_not_pass_for_a_fresh_one(base: Path) -> None:
    (base / "old").mkdir()
    (base / "old" / "orders").write_text("1 tea\n")
    done = rehearse(base, backup=("sh", "-c", "cp -r old {backup}"), write=lambda: append(base))
    assert done.restored not in ("", done.before)


def test_a_destruction_that_destroys_nothing_shows(base: Path) -> None:
    done = rehearse(base, destroy=("true",), restore=("true",))
    assert done.destroyed == done.before


def test_without_a_backup_nothing_is_destroyed(base: Path) -> None:
    done = rehearse(base, backup=("sh", "-c", "echo no space left; exit 28"))
    assert done.trouble == "backup ended with 28: no space left"
    assert [ran.name for ran in done.ran] == ["backup"]
    assert (base / "data" / "orders").exists()


def test_content_that_somebody_else_writes_meanwhile_is_not_destroyed(base: Path) -> None:
    done = rehearse(base, backup=("sh", "-c", "cp -r data {backup}; echo 3 >> data/orders"))
    assert "nobody else may write during the drill" in done.trouble
    assert (base / "data" / "orders").exists()


def test_content_that_does_not_show_what_is_written_is_not_destroyed(base: Path) -> None:
    done = rehearse(base, write=lambda: None)
    assert "not looked at where it stands" in done.trouble
    assert (base / "data").exists()


def test_without_content_there_is_nothing_to_compare(base: Path) -> None:
    done = rehearse(base, content=("nowhere",))
    assert "no content to begin with" in done.trouble
    assert (base / "data").exists()


def test_a_digest_command_that_fails_is_no_digest(base: Path) -> None:
    done = rehearse(base, digest_command=("sh", "-c", "echo locked; exit 5"))
    assert done.trouble == "the content cannot be seen: digest_command ended with 5: locked"
    assert (base / "data").exists()


def test_a_digest_of_the_users_own_is_compared(base: Path) -> None:
    done = rehearse(base, digest_command=("sh", "-c", "cat data/* 2>/dev/null | sha256sum"))
    assert done.trouble == ""
    assert done.before == done.restored != done.destroyed


def test_a_constant_digest_proves_no_destruction(base: Path) -> None:
    done = rehearse(base, digest_command=("echo", "all is well"))
    assert done.before == done.destroyed


def test_a_restore_that_fails_says_that_content_may_be_gone(base: Path) -> None:
    done = rehearse(base, restore=("sh", "-c", "echo corrupt archive; exit 2"))
    assert done.trouble == "restore ended with 2: corrupt archive; the content may still be destroyed"
    assert done.recovery_time is None


def test_a_destruction_that_fails_halfway_is_restored_all_the_same(base: Path) -> None:
    done = rehearse(base, destroy=("sh", "-c", "rm -rf data; exit 1"))
    assert done.trouble.startswith("destroy ended with 1")
    assert (base / "data" / "orders").exists()


def test_a_command_that_hangs_is_killed_with_its_children(base: Path) -> None:
    aside, long = nap(), nap()
    done = rehearse(base, backup=("sh", "-c", f"setsid sleep {aside} & sleep {long}"), limit="1 s")
    assert "backup did not end within 1 s and was killed" in done.trouble
    assert napping(aside, long) == []


def test_a_command_that_is_not_there_is_one_line(base: Path) -> None:
    done = rehearse(base, backup=("./no-such-backup",))
    assert '[capabilities.snapshots] backup: "./no-such-backup" cannot be started' in done.trouble


def test_the_time_runs_until_the_target_is_ready(base: Path) -> None:
    began = time.monotonic()
    done = rehearse(base, ready=lambda: time.monotonic() > began + 1.0)
    assert done.recovery_time is not None
    never = rehearse(base, ready=lambda: False, limit="1 s")
    assert "was not ready within 1 s after its content was restored" in never.trouble
    assert never.recovery_time is None


def test_what_a_restore_left_serving_lives_on(base: Path) -> None:
    script = f"cp -r {{backup}} data; {sys.executable} -c 'import time; time.sleep(60)' & echo $! > pid"
    done = rehearse(base, restore=("sh", "-c", script))
    assert done.trouble == ""
    served = psutil.Process(int((base / "pid").read_text()))
    try:
        assert served.is_running()
    finally:
        served.kill()


contents = st.dictionaries(st.text("ab", min_size=1, max_size=3), st.binary(max_size=8), max_size=4)


@given(contents, contents)
def test_digests_are_equal_exactly_when_the_content_is(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, bytes], other: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("content")
    for name, content in (("one", one), ("other", other)):
        (folder / name).mkdir()
        for file, data in content.items():
            (folder / name / file).write_bytes(data)
    equal = digest_of([folder / "one"]) == digest_of([folder / "other"])
    assert equal == (one == other)
