"""battery audit-chain, run as the command line will run it."""

import argparse
import json
import sys
from pathlib import Path

import pytest

from battery.cli import audit_chain
from battery.errors import DefinitionError, UsageError
from battery.readiness.audit_chain.chain_log import ChainUnreadable, read_entries
from tests.unit.readiness.audit_chain.chains import chain, inside_sorted

LOG = chain(inside_sorted)
HEAD = read_entries(LOG)[-1].record["hash"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "audit.ndjson").write_bytes(LOG)
    return tmp_path / "audit.ndjson"


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    audit_chain.configure(parser)
    return audit_chain.run(parser.parse_args([str(word) for word in words]))


def test_a_sound_log_is_accepted_and_described(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(log) == 0
    assert (
        "6 records, hash = sha256 over every field (sorted JSON) with prev_hash inside"
        in capsys.readouterr().err
    )


def test_a_log_that_was_changed_is_not(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    description = log.parent / "chain.toml"
    description.write_text('hash_field = "hash"\nprevious_field = "prev_hash"\n', encoding="utf-8")
    log.write_bytes(LOG.replace(b"user 3", b"user 4"))
    assert run(log, "--description", description) == 1
    assert "line 4: hash does not fit the record" in capsys.readouterr().err


def test_the_attacks_are_told_and_what_would_detect_them(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(log, "--attack") == 1
    said = capsys.readouterr().err
    assert "edit      detected" in said
    assert "truncate  NOT DETECTED" in said
    assert "--anchor" in said


def test_with_an_anchor_all_are_detected(log: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(log, "--attack", "--anchor", f"6:{HEAD}", "--json") == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["holds"] is True
    assert [outcome["detected"] for outcome in told["result"]["outcomes"]] == [True] * 5
    assert log.read_bytes() == LOG


def test_a_command_may_judge(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = f"{sys.executable} -c 'raise SystemExit(1)' {{file}}"
    assert run(log, "--attack", "--verify", command) == 2
    assert "does not accept the log as it is" in capsys.readouterr().err
    assert run(log, "--verify", f"{sys.executable} -c 'raise SystemExit(70)' {{file}}", "--json") == 2


def test_what_cannot_be_is_one_line(log: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        run(log.parent / "nowhere")
    for text in ("6", "x:abc", "0:abc", "6:"):
        with pytest.raises(UsageError, match="expected COUNT:HASH"):
            run(log, "--anchor", text)
    with pytest.raises(UsageError, match="is for the battery's own check"):
        run(log, "--anchor", "6:a", "--verify", "x {file}")
    with pytest.raises(DefinitionError):
        run(log, "--description", log)
    log.write_bytes(b"")
    with pytest.raises(ChainUnreadable, match="empty"):
        run(log)
