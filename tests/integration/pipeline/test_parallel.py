"""Several batteries in one artifacts folder."""

from pathlib import Path

import pytest

from tests.fakes.commands import finished, run, start

BATTERIES = 4
REHEARSALS = "artifacts/rehearsals"


@pytest.mark.parametrize("key", [(), ("--key", "battery.key")])
def test_runs_side_by_side_keep_one_ledger_and_a_valid_certificate_each(
    tmp_path: Path, key: tuple[str, ...]
) -> None:
    run("keygen", cwd=tmp_path)
    started = [start("certify", "--baseline", "--json", *key, cwd=tmp_path) for _ in range(BATTERIES)]
    said = [finished(process) for process in started]
    assert [one.code for one in said] == [0] * BATTERIES, [one.last for one in said]
    assert len({one.json["run"] for one in said}) == BATTERIES
    folder, public = ("artifacts", "battery.pub") if key else (REHEARSALS, "artifacts/throwaway.pub")
    for one in said:
        verified = run(*one.json["verify"].split()[1:], "--ledger", f"{folder}/ledger.jsonl", cwd=tmp_path)
        assert verified.code == 0, verified.err
    history = run("history", "--out", folder, "--verify", "--key", public, "--json", cwd=tmp_path)
    assert (history.code, len(history.json["entries"])) == (0, BATTERIES)
    assert (tmp_path / "artifacts/latest/certificate.json").is_file()


def test_one_run_is_resumed_by_one_battery_at_a_time(tmp_path: Path) -> None:
    run("certify", "--baseline", cwd=tmp_path)
    (tmp_path / "artifacts/latest/certificate.json").unlink()
    for path in (tmp_path / "artifacts/latest/evidence").iterdir():
        path.unlink()
    started = [start("certify", "--resume", "artifacts/latest", cwd=tmp_path) for _ in range(BATTERIES)]
    said = [finished(process) for process in started]
    assert {one.code for one in said} <= {0, 64}
    assert any(one.code == 0 for one in said)
    assert all("another battery works on this run" in one.last for one in said if one.code == 64)
    words = ("--out", REHEARSALS, "--verify", "--key", "artifacts/throwaway.pub")
    assert run("history", *words, cwd=tmp_path).code == 0
