"""Plan, run, judge, certify, report: in this order, and nothing before its time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from battery.certificate.keys import PublicKey
from battery.certificate.ledger import LEDGER, read_ledger
from battery.certificate.signers import KeySigner, Signer
from battery.definitions.command_line import with_target
from battery.errors import KeyUnusable, StoreError, UsageError
from battery.model.definition import CheckFolders, Definition, GateChoice
from battery.model.event import AnyEvent, CheckFinished, GateJudged, RunFinished, RunStarted
from battery.model.plan import Plan
from battery.model.target import Source, Target
from battery.pipeline import Choices, execute, prepare, read_run
from battery.store import CERTIFICATE, RunFolder
from tests.fakes.checks import write_checks
from tests.fakes.plans import SUBJECT

SIGNER = KeySigner(ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32))


class RefusingSigner:
    """A signer whose keeper refuses, or who signs with another key than its own."""

    def __init__(self, signature: bytes | None) -> None:
        self.public: PublicKey = SIGNER.public
        self._signature = signature

    def sign(self, data: bytes) -> bytes:
        """Refuse, or answer with what is no signature."""
        if self._signature is None:
            raise KeyUnusable("--key fakekms:…: the keeper refuses")
        return self._signature


def choices(**given: Any) -> Choices:
    defaults: dict[str, Any] = {"mode": "baseline", "scenario": "passing", "intensity": "smoke"}
    defaults |= {"subject": SUBJECT, "nonce": "", "seed": 1, "only": (), "profiles": ()}
    return Choices(**defaults | given)


def planned(tmp_path: Path, definition: Definition | None = None, **given: Any) -> RunFolder:
    return prepare(definition or Definition(), tmp_path, tmp_path / "artifacts", choices(**given))


def carry_out(
    folder: RunFolder, signer: Signer = SIGNER, tell: Callable[[AnyEvent], None] = lambda event: None
) -> list[AnyEvent]:
    events: list[AnyEvent] = []

    def emit(event: AnyEvent) -> None:
        events.append(event)
        tell(event)

    execute(folder, signer, lambda plan: f"verify {plan.run}", emit, folder.path.parent)
    return events


def test_the_plan_is_the_first_file_of_a_run(tmp_path: Path) -> None:
    folder = planned(tmp_path, nonce="n-1")
    assert [path.name for path in folder.path.iterdir() if path.is_file()] == ["plan.json"]
    plan = folder.plan()
    assert (plan.mode, plan.nonce, plan.seed, plan.subject) == ("baseline", "n-1", 1, SUBJECT)
    assert plan.folder == str(tmp_path)
    assert (tmp_path / "artifacts/latest").resolve() == folder.path.resolve()


def test_without_a_seed_each_run_draws_its_own(tmp_path: Path) -> None:
    one, other = (planned(tmp_path, seed=None).plan().seed for _ in range(2))
    assert one != other


def test_events_come_in_the_order_of_the_run_and_the_end_is_told_when_the_certificate_stands(
    tmp_path: Path,
) -> None:
    folder = planned(tmp_path)
    certificate = folder.path / CERTIFICATE
    stood: list[tuple[str, bool]] = []
    events = carry_out(folder, tell=lambda event: stood.append((type(event).__name__, certificate.exists())))
    assert isinstance(events[0], RunStarted)
    kinds = [type(event) for event in events]
    assert kinds.index(GateJudged) > max(i for i, kind in enumerate(kinds) if kind is CheckFinished)
    assert kinds[-1] is RunFinished
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {name for name, exists in stood if exists} == {"RunFinished"}


@pytest.mark.parametrize("signature", [None, b"no signature"])
def test_a_signer_that_fails_leaves_neither_certificate_nor_ledger_nor_an_end(
    tmp_path: Path, signature: bytes | None
) -> None:
    folder = planned(tmp_path)
    seen: list[AnyEvent] = []
    with pytest.raises(KeyUnusable):
        carry_out(folder, RefusingSigner(signature), seen.append)
    assert not any(isinstance(event, RunFinished) for event in seen)
    assert not (folder.path / CERTIFICATE).exists()
    assert not (tmp_path / "artifacts" / LEDGER).exists()
    assert isinstance(carry_out(folder)[-1], RunFinished)


def test_a_ledger_that_cannot_be_written_leaves_no_certificate(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    (tmp_path / "artifacts/ledger.checkpoint").mkdir()
    with pytest.raises(StoreError):
        carry_out(folder)
    assert not (folder.path / CERTIFICATE).exists()


def test_a_run_that_ends_later_may_have_begun_earlier(tmp_path: Path) -> None:
    first, second = planned(tmp_path), planned(tmp_path)
    both: list[AnyEvent] = []

    def overtake(event: AnyEvent) -> None:
        if isinstance(event, GateJudged) and not both:
            both.extend(carry_out(second))

    carry_out(first, tell=overtake)
    ledger = read_ledger((tmp_path / "artifacts" / LEDGER).read_bytes(), None, None)
    assert [entry.run for entry in ledger.entries] == [second.plan().run, first.plan().run]


def test_a_finished_run_reads_as_it_was(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    carry_out(folder)
    run = read_run(folder)
    assert (run.judgement.result, run.is_baseline) == ("PASSED", True)
    assert run.certificate.endswith(CERTIFICATE)


def test_a_run_that_only_has_a_plan_reads_as_undecided(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    run = read_run(folder)
    assert (run.judgement.result, run.certificate, run.finished) == ("UNDECIDED", "", folder.plan().created)


def test_a_real_run_with_the_users_checks_alone(tmp_path: Path) -> None:
    write_own_gate(tmp_path / "gates")
    write_checks(
        tmp_path / "own",
        it="@pytest.mark.measures('own.number')\n@pytest.mark.instrument('readiness')\ndef check_it(record):\n    record.measure('own.number', 1)",
    )
    definition = Definition(
        target=Target(url="http://127.0.0.1:1"),
        checks=CheckFolders(folders=("own",)),
        gates=GateChoice(folder="gates"),
    )
    folder = planned(tmp_path, definition, mode="real", only=("readiness",))
    carry_out(folder)
    gates = {gate.gate: gate for gate in read_run(folder).judgement.gates}
    assert [rule.status for rule in gates["G9"].rules] == ["pass"]
    assert gates["G1"].status == "undecided"  # the shipped coverage check was skipped
    assert gates["G6"].status == "fail"


def test_a_users_check_cannot_state_what_the_battery_measures(tmp_path: Path) -> None:
    write_checks(
        tmp_path / "own",
        it="@pytest.mark.measures('security.findings.high')\ndef check_it(record): record.measure('security.findings.high', 0)",
    )
    with pytest.raises(UsageError, match=r"only the battery's own checks measure"):
        planned(tmp_path, Definition(checks=CheckFolders(folders=("own",))))


def write_own_gate(folder: Path) -> None:
    folder.mkdir()
    (folder / "measures.toml").write_text('[[measure]]\nname = "own.number"\nunit = "count"\ntitle = "t"\n')
    rule = 'id = "own.number"\nmeasure = "own.number"\noperator = "<="\nlimit = 2\nunit = "count"\n'
    text = f'id = "G9"\ntitle = "own"\nwhy = "w"\ninstrument = "own"\n[[rule]]\n{rule}why = "w"\nnext_step = "n"\n'
    (folder / "g9-own.toml").write_text(text)


@pytest.mark.parametrize("mode", ["real", "baseline"])
def test_only_a_real_run_needs_the_variables_it_refers_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    definition = Definition(target=Target(url="http://127.0.0.1:1", headers={"X": "env:NO_SUCH"}))
    if mode == "baseline":
        assert planned(tmp_path, definition, mode=mode).plan().mode == "baseline"
        return
    with pytest.raises(UsageError, match="NO_SUCH"):
        planned(tmp_path, definition, mode=mode)
    assert not (tmp_path / "artifacts").exists()


def test_a_resume_without_the_variables_keeps_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "something")
    definition = Definition(target=Target(url="http://127.0.0.1:1", headers={"X": "env:SOME_TOKEN"}))
    folder = planned(tmp_path, definition, mode="real", only=("readiness",))
    carry_out(folder)
    monkeypatch.delenv("SOME_TOKEN")
    with pytest.raises(UsageError, match="SOME_TOKEN"):
        carry_out(folder)
    assert (folder.path / CERTIFICATE).is_file()


def test_the_command_line_stands_over_the_definition() -> None:
    definition = Definition(
        target=Target(url="http://a", live="/live"), source=Source(path="a", coverage="c")
    )
    assert with_target(definition, "", "") == definition
    changed = with_target(definition, "http://b", "b")
    assert (changed.target.url, changed.target.live) == ("http://b", "/live")
    assert changed.source == Source(path="b", coverage="c")
    assert with_target(Definition(), "", "b").source == Source(path="b")


def test_a_verify_command_is_asked_for_this_plan(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    asked: list[Plan] = []

    def command(plan: Plan) -> str:
        asked.append(plan)
        return "verify it"

    assert (
        execute(folder, SIGNER, command, lambda event: None, folder.path.parent).verify_command == "verify it"
    )
    assert asked == [folder.plan()]
