"""The log check on the log of a shop that writes well, and of shops that do not."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.observability import Observability
from battery.model.target import Target
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, measures, run_g6, verdicts
from tests.fakes.observed_target import shop

CHECK = "logs.lines"
TOKEN = "correct-horse-battery-staple"


def look(
    tmp_path: Path, *lies: str, logs: tuple[str, ...] = ("shop.log",), ready: str = "/health/status"
) -> Ran:
    log = tmp_path / "shop.log"
    log.write_text("")
    with shop(*lies, log=log) as served:
        target = Target(
            url=served.url, live="/health/live", ready=ready, headers={"Authorization": "env:SHOP_TOKEN"}
        )
        return run_g6(tmp_path, Definition(target=target, observability=Observability(logs=logs)), CHECK)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", f"Bearer {TOKEN}")


def test_a_log_that_can_be_searched_has_no_defect(tmp_path: Path) -> None:
    ran = look(tmp_path)
    assert errors(ran, CHECK) == []
    assert measures(ran, CHECK) == {"logs.defects": 0, "logs.parsed": 100, "logs.complete": 100}
    assert ran.evidence[CHECK].facts["requests of ours"] == "found by their ids"
    names = ("defects", "parsed", "complete")
    assert {verdicts(ran)[f"observability.logs.{name}"].status for name in names} == {"pass"}


def test_prose_fails_the_share_of_lines_that_parse(tmp_path: Path) -> None:
    ran = look(tmp_path, "chatty")
    assert measures(ran, CHECK)["logs.parsed"] == 0
    judged = verdicts(ran)
    assert judged["observability.logs.parsed"].status == "fail"
    assert judged["observability.logs.complete"].status == "undecided"


def test_a_log_without_request_ids_is_a_defect(tmp_path: Path) -> None:
    ran = look(tmp_path, "anonymous")
    assert "no line tells a request id" in errors(ran, CHECK)[0]


def test_a_secret_in_the_log_is_a_defect_that_does_not_repeat_it(tmp_path: Path) -> None:
    ran = look(tmp_path, "leaky")
    assert any("a value that battery.toml refers to as env:" in text for text in errors(ran, CHECK))
    assert any("authorization" in text for text in errors(ran, CHECK))
    assert verdicts(ran)["observability.logs.defects"].status == "fail"
    assert not [
        name for name, data in ran.files().items() if TOKEN.encode() in data and "/artifacts/" in name
    ]


@pytest.mark.parametrize(
    ("logs", "says"),
    [((), "no log: name the target's log files"), (("none.log",), "none.log in battery.toml fits")],
)
def test_a_log_that_nobody_knows_leaves_it_undecided(
    tmp_path: Path, logs: tuple[str, ...], says: str
) -> None:
    ran = look(tmp_path, logs=logs)
    assert says in ran.evidence[CHECK].reason
    assert verdicts(ran)["observability.logs.defects"].status == "undecided"


def test_a_log_that_stays_empty_is_undecided(tmp_path: Path) -> None:
    (tmp_path / "other.log").write_text("")
    ran = look(tmp_path, logs=("other.log",))
    assert "the log is empty after 5 requests" in ran.evidence[CHECK].reason
