"""The target checks against a server whose answers are written down."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from battery.judging import judge
from battery.model.target import Identity
from tests.fakes.checks import Ran, run_own
from tests.fakes.plans import NOW
from tests.fakes.targets import VERSION, Answer, a_definition, scripted_target, unused_url

BEFORE, AFTER = "target.before", "target.after"


def look(
    tmp_path: Path, answers: dict[str, Sequence[Answer]], identity: Identity | None = None, **target: str
) -> Ran:
    with scripted_target(answers) as server:
        definition = a_definition(server.url, identity=identity, **target)
        return run_own(tmp_path, BEFORE, AFTER, definition=definition)


def reachable(ran: Ran) -> dict[str, tuple[float, str]]:
    return {
        name: (measure.value, measure.note)
        for name, item in ran.evidence.items()
        for measure in item.measures
        if measure.name == "target.reachable"
    }


def status_of(ran: Ran, gate: str) -> str:
    judgement = judge(ran.plan, ran.folder.digest(), ran.evidence.values(), NOW)
    return next(found.status for found in judgement.gates if found.gate == gate)


def version(commit: str) -> Answer:
    return Answer(200, b'{"commit": "' + commit.encode() + b'"}')


def test_a_target_that_stays_the_same_is_proven_to(tmp_path: Path) -> None:
    ran = look(tmp_path, {"/live": [Answer()], "/version": [version("4f2a")]}, VERSION)
    assert reachable(ran) == {BEFORE: (1.0, "HTTP 200"), AFTER: (1.0, "HTTP 200")}
    assert ran.evidence[BEFORE].facts == {"identity.before": "4f2a"}
    assert ran.evidence[AFTER].facts == {"identity.after": "4f2a"}
    [proof] = ran.evidence[AFTER].proofs
    assert (proof.name, proof.ok) == ("identity unchanged", True)


@pytest.mark.parametrize(
    ("versions", "detail"),
    [
        ([version("4f2a"), version("b001")], 'before "4f2a", after "b001"'),
        ([Answer(404), Answer(404)], 'before "", after ""'),
        ([Answer(200, b"[]"), Answer(200, b"[]")], 'before "", after ""'),
        ([version("4f2a"), Answer(500)], 'before "4f2a", after ""'),
        ([Answer(500), version("4f2a")], 'before "", after "4f2a"'),
    ],
)
def test_a_target_that_changed_or_never_told_spoils_what_was_measured(
    tmp_path: Path, versions: list[Answer], detail: str
) -> None:
    ran = look(tmp_path, {"/live": [Answer()], "/version": versions}, VERSION)
    [proof] = ran.evidence[AFTER].proofs
    assert (proof.ok, proof.detail) == (False, detail)
    for gate in ("G2", "G3", "G4", "G5", "G6"):
        assert status_of(ran, gate) == "undecided"


def test_without_an_identity_nothing_is_claimed(tmp_path: Path) -> None:
    ran = look(tmp_path, {"/live": [Answer()]})
    assert ran.evidence[AFTER].proofs == ()
    assert ran.evidence[AFTER].facts["identity"].startswith("not proven")


@pytest.mark.parametrize(
    ("status", "alive"), [(200, 1), (204, 1), (301, 0), (401, 0), (404, 0), (500, 0), (503, 0)]
)
def test_the_live_path_must_answer_well(tmp_path: Path, status: int, alive: int) -> None:
    body = b"" if status == 204 else b"x"
    ran = look(tmp_path, {"/live": [Answer(status, body)]})
    assert reachable(ran)[BEFORE] == (alive, f"HTTP {status}")
    assert status_of(ran, "G6") == ("undecided" if alive else "fail")


@pytest.mark.parametrize(("status", "alive"), [(404, 1), (302, 1), (500, 0)])
def test_without_a_live_path_any_answer_but_a_servers_error_shows_life(
    tmp_path: Path, status: int, alive: int
) -> None:
    with scripted_target({"/": [Answer(status)]}) as server:
        ran = run_own(tmp_path, BEFORE, definition=a_definition(server.url, live=None))
    assert reachable(ran)[BEFORE] == (alive, f"HTTP {status}")


@pytest.mark.parametrize("url", [unused_url(), "http://no-such-host.invalid"], ids=["refused", "unknown"])
def test_an_unreachable_target_is_measured_as_such_and_fails_its_gate(tmp_path: Path, url: str) -> None:
    ran = run_own(tmp_path, BEFORE, AFTER, definition=a_definition(url, identity=VERSION))
    assert {value for value, _ in reachable(ran).values()} == {0.0}
    assert all(note.startswith("ConnectError: ") for _, note in reachable(ran).values())
    assert status_of(ran, "G6") == "fail"


def test_an_answer_that_cannot_be_decoded_is_no_crash(tmp_path: Path) -> None:
    broken = Answer(200, b"not gzip", (("Content-Encoding", "gzip"),))
    ran = look(tmp_path, {"/live": [Answer()], "/version": [broken]}, VERSION)
    assert reachable(ran)[BEFORE][0] == 0.0
    assert reachable(ran)[BEFORE][1].startswith("DecodingError")


def test_without_a_url_both_are_skipped(tmp_path: Path) -> None:
    ran = run_own(tmp_path, BEFORE, AFTER)
    assert {item.status for item in ran.evidence.values()} == {"skipped"}
