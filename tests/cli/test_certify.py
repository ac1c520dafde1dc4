"""certify, as a person and a pipeline use it."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from battery import clock
from battery.definitions.shipped import shipped_folder
from battery.model.event import AnyEvent, GateJudged, RunFinished, RunStarted
from tests.fakes.checks import write_checks
from tests.fakes.commands import run_here
from tests.fakes.targets import Answer, scripted_target, unused_url

Capsys = pytest.CaptureFixture[str]
SUBJECT = f"app@sha256:{'a' * 64}"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BATTERY_KEY_PASSPHRASE", raising=False)
    return tmp_path


@pytest.fixture
def key(here: Path, capsys: Capsys) -> str:
    assert run_here(capsys, "keygen").code == 0
    return "battery.key"


def plan_of(here: Path) -> dict[str, object]:
    plan: dict[str, object] = msgspec.json.decode((here / "artifacts/latest/plan.json").read_bytes())
    return plan


def events_of(here: Path) -> list[AnyEvent]:
    lines = (here / "artifacts/latest/progress.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=AnyEvent) for line in lines]


@pytest.mark.parametrize(("scenario", "code"), [("passing", 0), ("failing", 1)])
def test_a_baseline_run_rehearses_both_ends(here: Path, capsys: Capsys, scenario: str, code: int) -> None:
    said = run_here(capsys, "certify", "--baseline", "--scenario", scenario, "--json")
    assert (said.code, said.json["exit"]) == (code, code)
    assert said.json["baseline"] is True
    assert said.json["result"] == ("PASSED" if code == 0 else "FAILED")
    assert {gate["status"] for gate in said.json["gates"]} == {"pass" if code == 0 else "fail"}
    shown = [line for line in said.err.splitlines() if not line.startswith("signing with")]
    assert all(line.startswith("BASELINE") for line in shown)
    verified = run_here(capsys, *said.json["verify"].split()[1:])
    assert verified.code == code, verified.err
    without = [word for word in said.json["verify"].split()[1:] if word != "--accept-baseline"]
    assert run_here(capsys, *without).code == 4


def test_without_json_nothing_is_on_stdout(capsys: Capsys) -> None:
    assert run_here(capsys, "certify", "--baseline").out == ""


def test_progress_is_a_stream_of_events_in_order(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline")
    events = events_of(here)
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert sum(isinstance(event, GateJudged) for event in events) == 8
    assert Path(events[-1].certificate).is_file()


def test_a_seed_a_nonce_and_an_intensity_stand_in_the_plan(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline", "--seed", "42", "--nonce", "n-1", "--intensity", "full")
    plan = plan_of(here)
    assert (plan["seed"], plan["nonce"], plan["intensity"]) == (42, "n-1", "full")


def test_a_selection_leaves_the_rest_out_by_name(here: Path, capsys: Capsys) -> None:
    said = run_here(capsys, "certify", "--baseline", "--only", "readiness", "--json")
    plan = plan_of(here)
    assert plan["only"] == ["readiness"]
    assert plan["not_run"]
    assert said.code == 2
    run_here(capsys, "certify", "--baseline", "--profiles", "P1, P3")
    assert plan_of(here)["only"] == ["P1", "P3"]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["--subject", SUBJECT], "app"),
        (["--subject-file", "app.whl"], "app.whl"),
        (["--source", "src"], "source:src"),
        ([], "baseline"),
    ],
)
def test_the_subject_is_what_was_named(here: Path, capsys: Capsys, options: list[str], name: str) -> None:
    (here / "src").mkdir()
    (here / "src" / "app.py").touch()
    (here / "app.whl").write_bytes(b"wheel")
    assert run_here(capsys, "certify", "--baseline", *options).code == 0
    subject = plan_of(here)["subject"]
    assert isinstance(subject, dict)
    assert subject["name"] == name


@pytest.mark.parametrize(("level", "code"), [("bronze", 1), ("gold", 1), (None, 0)])
def test_a_level_is_reached_or_not(capsys: Capsys, level: str | None, code: int) -> None:
    options = ["--level", level] if level else []
    assert run_here(capsys, "certify", "--baseline", *options).code == code


def test_a_rehearsal_needs_no_key_and_uses_no_passphrase_of_the_users(
    here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_here(capsys, "certify", "--baseline").code == 0
    throwaway = (here / "artifacts/throwaway.key").read_bytes()
    monkeypatch.setenv("BATTERY_KEY_PASSPHRASE", "correct horse")
    again = run_here(capsys, "certify", "--baseline")
    assert again.code == 0, again.err
    assert "throw-away" not in again.err
    assert (here / "artifacts/throwaway.key").read_bytes() == throwaway


def test_an_own_key_is_used_where_it_is_named(here: Path, key: str, capsys: Capsys) -> None:
    said = run_here(capsys, "certify", "--baseline", "--key", key, "--json")
    assert "--key battery.pub" in said.json["verify"]
    assert not (here / "artifacts/throwaway.key").exists()


def test_a_key_without_its_public_half_leaves_one_beside_the_certificate(
    here: Path, key: str, capsys: Capsys
) -> None:
    (here / "battery.pub").unlink()
    said = run_here(capsys, "certify", "--baseline", "--key", key, "--json")
    assert "signer.pub" in said.json["verify"]
    assert run_here(capsys, *said.json["verify"].split()[1:]).code == 0


def real_run(capsys: Capsys, url: str, *options: str) -> tuple[int, dict[str, str], str]:
    said = run_here(capsys, "certify", url, "--only", "readiness", "--subject", SUBJECT, "--json", *options)
    return said.code, {gate["gate"]: gate["status"] for gate in said.json["gates"]}, said.err


def test_a_real_target_with_few_instruments_is_undecided(key: str, here: Path, capsys: Capsys) -> None:
    with scripted_target({"/": [Answer()]}) as server:
        code, gates, _ = real_run(capsys, server.url)
    assert code == 2
    assert set(gates.values()) == {"undecided"}


@pytest.mark.parametrize("url", [unused_url(), "http://no-such-host.invalid"], ids=["refused", "unknown"])
def test_an_unreachable_target_fails_with_the_reason_and_is_no_crash(
    key: str, here: Path, capsys: Capsys, url: str
) -> None:
    code, gates, err = real_run(capsys, url)
    assert (code, gates["G6"]) == (1, "fail")
    assert "target.reachable" in err
    assert (here / "artifacts/latest/certificate.json").is_file()


def test_the_file_here_describes_the_target_and_the_command_line_overrides_it(
    key: str, here: Path, capsys: Capsys
) -> None:
    write_checks(here / "own", it="def check_it(http, record): record.measure('coverage.line', 95)")
    (here / "battery.toml").write_text('[target]\nurl = "http://127.0.0.1:1"\n[checks]\nfolders = ["own"]\n')
    with scripted_target({"/": [Answer()]}) as server:
        real_run(capsys, server.url)
        definition = plan_of(here)["definition"]
        assert isinstance(definition, dict)
        assert definition["target"]["url"] == server.url
    assert (here / "artifacts/latest/evidence/it.it.json").is_file() is False  # --only leaves it out
    said = run_here(capsys, "certify", "--baseline", "--config", "battery.toml")
    assert said.code == 0
    assert (here / "artifacts/latest/evidence/it.it.json").is_file()


def test_a_secret_reaches_no_file_of_the_run(
    key: str, here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = 's3cr3t/"quoted\\\n-value'
    monkeypatch.setenv("API_TOKEN", secret)
    write_checks(
        here / "own",
        it="""
        S = os.environ["API_TOKEN"]
        GATE = pytest.mark.instrument("readiness")
        @GATE
        def check_says(record):
            record.progress(0.5, S)
            record.measure("coverage.line", 95, note=S)
            record.proof(S, True, S)
            record.fact(S, S)
            record.blob(S, S.encode())
        @GATE
        def check_prints(record):
            print(S); print(repr(S)); os.system('printenv API_TOKEN; printenv API_TOKEN >&2')
            record.measure("coverage.line", 95)
        @GATE
        def check_raises(): raise ValueError(S)
        @GATE
        def check_raises_late():
            token = S
            assert token == "another"
        @GATE
        def check_skips(): pytest.skip("x" * 290 + S)
        """,
    )
    with scripted_target({"/": [Answer()]}) as server:
        (here / "battery.toml").write_text(
            f'[target]\nurl = "{server.url}"\nheaders = {{ X-Api-Key = "env:API_TOKEN" }}\n[checks]\nfolders = ["own"]\n'
        )
        said = run_here(capsys, "certify", "--only", "readiness", "--subject", SUBJECT, "--json")
    assert "evidence/it.says.json" in "".join(map(str, (here / "artifacts/latest/evidence").iterdir()))
    for path in (here / "artifacts").rglob("*"):
        if path.is_file():
            assert b"s3cr3t" not in path.read_bytes(), path
    assert "s3cr3t" not in said.out + said.err


def test_a_secret_in_the_name_of_a_check_ends_the_command(
    key: str, here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "s3cr3t-value")
    write_checks(
        here / "own",
        it="@pytest.mark.parametrize('token', [os.environ['API_TOKEN']])\ndef check_it(token): pass",
    )
    (here / "battery.toml").write_text(
        '[target]\nurl = "http://127.0.0.1:1"\nheaders = { X-Api-Key = "env:API_TOKEN" }\n[checks]\nfolders = ["own"]\n'
    )
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    assert said.code == 64
    assert "holds a secret; give its parameters ids" in said.last
    assert "s3cr3t" not in said.err
    assert not (here / "artifacts").exists()


def test_a_check_may_not_speak_on_stdout(here: Path, capfd: Capsys) -> None:
    run_here(capfd, "keygen")
    write_checks(
        here / "own",
        it="print('at import')\n@pytest.mark.instrument('readiness')\ndef check_it(): print('x'); os.system('echo from a child')",
    )
    (here / "battery.toml").write_text('[target]\nurl = "http://127.0.0.1:1"\n[checks]\nfolders = ["own"]\n')
    said = run_here(capfd, "certify", "--only", "readiness", "--subject", SUBJECT, "--json")
    assert said.json["exit"] == said.code
    assert "from a child" not in said.err


def test_a_run_that_is_complete_keeps_its_certificate(here: Path, capsys: Capsys) -> None:
    first = run_here(capsys, "certify", "--baseline", "--json")
    path = here / "artifacts/latest/certificate.json"
    certificate, ledger = path.read_bytes(), (here / "artifacts/rehearsals/ledger.jsonl").read_bytes()
    again = run_here(capsys, "certify", "--resume", "artifacts/latest", "--json")
    assert (again.code, again.json["result"], again.json["gates"]) == (0, "PASSED", first.json["gates"])
    assert path.read_bytes() == certificate
    assert (here / "artifacts/rehearsals/ledger.jsonl").read_bytes() == ledger


def test_verifying_a_run_that_was_cut_off_says_how_to_go_on(here: Path, key: str, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline", "--key", key)
    path = here / "artifacts/latest/certificate.json"
    path.unlink()
    said = run_here(capsys, "verify", str(path), "--key", str(Path(key).with_suffix(".pub")))
    assert said.code == 64
    assert f"battery certify --resume {path.parent}" in said.last


def test_a_run_without_its_certificate_is_signed_again(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline")
    (here / "artifacts/latest/certificate.json").unlink()
    assert run_here(capsys, "certify", "--resume", "artifacts/latest").code == 0
    rehearsals = ("--out", "artifacts/rehearsals", "--key", "artifacts/throwaway.pub")
    history = run_here(capsys, "history", "--verify", *rehearsals, "--json")
    assert (history.code, len(history.json["entries"])) == (0, 2)
    assert "superseded" in history.err.splitlines()[0]


def test_rehearsals_leave_the_real_ledger_alone_and_say_baseline(
    here: Path, key: str, capsys: Capsys
) -> None:
    for words in ((), ("--key", key), ()):
        assert run_here(capsys, "certify", "--baseline", *words).code == 0
    public = str(Path(key).with_suffix(".pub"))
    real = run_here(capsys, "history", "--verify", "--key", public, "--json")
    assert (real.code, len(real.json["entries"])) == (0, 1)
    assert "BASELINE PASSED" in real.err.splitlines()[0]
    rehearsed = run_here(capsys, "history", "--out", "artifacts/rehearsals", "--json")
    assert len(rehearsed.json["entries"]) == 2


def test_checks_never_see_the_key_in_the_environment(
    here: Path, key: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checks(
        here / "own",
        it="@pytest.mark.instrument('readiness')\ndef check_it(record):\n    os.system('env')\n    record.proof('looked', True, repr(dict(os.environ)))",
    )
    (here / "battery.toml").write_text('[target]\nurl = "http://127.0.0.1:1"\n[checks]\nfolders = ["own"]\n')
    monkeypatch.setenv("SIGNING_KEY", Path(key).read_text())
    monkeypatch.setenv("BATTERY_KEY_PASSPHRASE", "")
    words = ("--key", "env:SIGNING_KEY", "--only", "readiness", "--subject", SUBJECT)
    assert run_here(capsys, "certify", *words).code in (1, 2)
    left = [path for path in (here / "artifacts").rglob("*") if path.is_file()]
    assert len(left) > 5
    assert not [path for path in left if b"PRIVATE KEY" in path.read_bytes()]


def test_a_waiver_for_a_rule_that_no_gate_has_is_refused_with_a_suggestion(
    here: Path, capsys: Capsys
) -> None:
    run_here(capsys, "keygen")
    expires = (clock.now() + timedelta(days=3)).isoformat()
    waiver = f'rule = "G1:coverage.lin"\nreason = "r"\nowner = "o"\nexpires = {expires}\n'
    (here / "waivers.toml").write_text(f"[[waiver]]\n{waiver}")
    (here / "battery.toml").write_text(
        '[target]\nurl = "http://127.0.0.1:1"\n[run]\nwaivers = "waivers.toml"\n'
    )
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    assert said.code == 64
    assert 'did you mean "G1:coverage.line"?' in said.last


def test_a_run_is_not_resumed_over_another_source(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "keygen")
    (here / "app").mkdir()
    (here / "app" / "app.py").write_text("print()\n")
    words = ("http://127.0.0.1:1", "--source", "app", "--only", "readiness")
    assert run_here(capsys, "certify", *words).code in (1, 2)
    (here / "app" / "app.py").write_text("print('other')\n")
    said = run_here(capsys, "certify", "--resume", "artifacts/latest")
    assert said.code == 64
    assert "the source tree has changed" in said.last


def test_a_target_that_does_not_answer_is_not_loaded(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "keygen")
    said = run_here(capsys, "certify", "http://127.0.0.1:1", "--subject", SUBJECT, "--json")
    gates = {gate["gate"]: gate for gate in said.json["gates"]}
    assert (said.code, gates["G6"]["status"]) == (1, "fail")
    assert [gates[name]["status"] for name in ("G2", "G3")] == ["undecided", "undecided"]
    assert "the target does not answer at http://127.0.0.1:1" in gates["G2"]["rules"][0]["reason"]


def test_a_thinner_profile_is_named_as_loosened_and_refused_by_the_verifier(
    here: Path, capsys: Capsys
) -> None:
    (here / "mine").mkdir()
    shipped = (shipped_folder("profiles") / "p1-baseline.toml").read_text()
    (here / "mine" / "p1.toml").write_text(shipped.replace('rate = "100/s"', 'rate = "1/s"'))
    (here / "battery.toml").write_text('[profiles]\nfolder = "mine"\n')
    said = run_here(capsys, "certify", "--baseline", "--config", "battery.toml", "--json")
    assert "profile:P1" in said.err
    words = said.json["verify"].split()[1:]
    refused = run_here(capsys, *words)
    assert refused.code == 4
    assert "profile:P1 was a shape of your own" in refused.err
    (here / "policy.toml").write_text('loosened_allowed = ["profile:P1"]\n')
    assert run_here(capsys, *words, "--policy", "policy.toml").code == 0


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_damaged_certificate_is_made_anew(here: Path, capsys: Capsys, damage: bytes) -> None:
    run_here(capsys, "certify", "--baseline")
    (here / "artifacts/latest/certificate.json").write_bytes(damage)
    said = run_here(capsys, "certify", "--resume", "artifacts/latest", "--json")
    assert said.code == 0, said.err
    assert run_here(capsys, *said.json["verify"].split()[1:]).code == 0


def test_another_signer_signs_a_complete_run_anew(here: Path, key: str, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline")
    said = run_here(capsys, "certify", "--resume", "artifacts/latest", "--key", key, "--json")
    assert said.code == 0
    assert run_here(capsys, *said.json["verify"].split()[1:]).code == 0


def test_a_resume_of_a_run_elsewhere_leaves_nothing_here(
    here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_here(capsys, "certify", "--baseline")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    assert run_here(capsys, "certify", "--resume", "../artifacts/latest").code == 0
    assert list(Path().iterdir()) == []


def test_evidence_that_changed_after_signing_is_not_signed_again(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline", "--scenario", "failing")
    path = here / "artifacts/latest/evidence/target.before.json"
    path.write_bytes(path.read_bytes().replace(b'"reason": ""', b'"reason": "x"'))
    said = run_here(capsys, "certify", "--resume", "artifacts/latest")
    assert said.code == 4
    assert "the evidence is not what its certificate vouches for" in said.last


def test_a_progress_file_that_was_cut_off_goes_on_with_whole_lines(here: Path, capsys: Capsys) -> None:
    run_here(capsys, "certify", "--baseline")
    path = here / "artifacts/latest/progress.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    run_here(capsys, "certify", "--resume", "artifacts/latest")
    assert len([event for event in events_of(here) if isinstance(event, RunStarted)]) == 2
