"""Bad input: one line that says what to mend, exit code 64, and nothing lost."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from battery.store import encode
from tests.fakes.checks import write_checks
from tests.fakes.commands import BATTERY, run, run_here

Capsys = pytest.CaptureFixture[str]
SUBJECT = f"app@sha256:{'a' * 64}"
BASELINE = ("certify", "--baseline")
GATE = """
id = "G9"
title = "mine"
why = "because"
instrument = "load"
[[rule]]
id = "mine"
measure = "load.p1.p99"
operator = "<="
limit = 5
unit = "ms"
why = "because"
next_step = "mend it"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BATTERY_KEY_PASSPHRASE", raising=False)
    assert run_here(capsys, "keygen").code == 0
    return tmp_path


def config(here: Path, text: str | bytes) -> Path:
    path = here / "battery.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def own_gates(here: Path, **files: str) -> None:
    (here / "gates").mkdir()
    for name, text in files.items():
        (here / "gates" / f"{name}.toml").write_text(text)
    config(here, '[target]\nurl = "http://127.0.0.1:1"\n[gates]\nfolder = "gates"\n')


def own_checks(here: Path, **files: str) -> None:
    write_checks(here / "own", **files)
    config(here, '[target]\nurl = "http://127.0.0.1:1"\n[checks]\nfolders = ["own"]\n')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[traget]\n", ("battery.toml", "traget", "unknown key", "target")),
        ("[target]\nlive = 5\n", ("battery.toml", "target.live", "5", "expected")),
        ('[target]\nurl = "example.org:80"\n', ("battery.toml", "target.url", "http://")),
        ('[target]\nurl = "ftp://example.org"\n', ("battery.toml", "target.url", "http://")),
        ("[target\n", ("battery.toml", "TOML")),
        (b"[target]\nurl = '\xff'\n", ("battery.toml", "line 2", "UTF-8")),
        (b"\x00", ("battery.toml",)),
        ('[run]\ndeadline = "soon"\n', ("battery.toml", "run.deadline")),
        (
            '[checks]\nfolders = ["nowhere"]\n[target]\nurl = "http://127.0.0.1:1"',
            ("checks.folders", "nowhere"),
        ),
        ('[profiles]\nfolder = "nowhere"\n[target]\nurl = "http://127.0.0.1:1"', ("nowhere",)),
        ('[run]\nwaivers = "nowhere.toml"\n[target]\nurl = "http://127.0.0.1:1"', ("nowhere.toml",)),
        ('[target]\nurl = "http://127.0.0.1:1"\nheaders = { X = "env:NO_SUCH" }', ("NO_SUCH", "not set")),
        ('[process]\ncommand = ["x"]\nenv = { A = "env:NO_SUCH" }\n[target]\nurl = "http://h"', ("NO_SUCH",)),
        ("", ("nothing to certify", "battery init")),
        ('[target]\nurl = "http://127.0.0.1:1"\n', ("what is certified?", "--subject")),
    ],
)
def test_a_definition_that_is_wrong_is_named_with_its_key(
    here: Path, capsys: Capsys, text: str | bytes, told: tuple[str, ...]
) -> None:
    config(here, text)
    subject = () if "what is certified?" in told else ("--subject", SUBJECT)
    said = run_here(capsys, "certify", *subject)
    refused(said.code, said.err, *told)
    assert not (here / "artifacts").exists()


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (
            lambda here: own_gates(here, a=GATE.replace("load.p1.p99", "load.p1.p98")),
            ("a.toml", "load.p1.p98"),
        ),
        (lambda here: own_gates(here, a=GATE, b=GATE), ("b.toml", "G9", "a.toml")),
        (lambda here: own_gates(here), ("gates", ".toml")),
        (lambda here: own_gates(here, a=GATE.replace('"ms"', '"s"')), ("a.toml", "unit")),
        (lambda here: own_checks(here), ("checks.folders", "holds no check_")),
        (lambda here: own_checks(here, it="import no_such_module"), ("check_it.py", "no_such_module")),
        (lambda here: own_checks(here, target="def check_before(): pass"), ("target.before", "rename")),
        (
            lambda here: own_checks(here, it="@pytest.mark.gate('G77')\ndef check_it(): pass"),
            ("it.it", "G77"),
        ),
        (
            lambda here: own_checks(here, it="@pytest.mark.measures('no.such')\ndef check_it(): pass"),
            ("it.it", "no.such"),
        ),
        (
            lambda here: own_checks(here, it="@pytest.mark.limit('5')\ndef check_it(): pass"),
            ("check_it", "limit"),
        ),
    ],
)
def test_gates_and_checks_that_are_wrong_are_named_with_their_file(
    here: Path, capsys: Capsys, prepare: Callable[[Path], None], told: tuple[str, ...]
) -> None:
    prepare(here)
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    refused(said.code, said.err, *told)
    assert not (here / "artifacts").exists()


def test_an_empty_profile_folder_is_refused(here: Path, capsys: Capsys) -> None:
    (here / "profiles").mkdir()
    config(here, '[target]\nurl = "http://127.0.0.1:1"\n[profiles]\nfolder = "profiles"\n')
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    refused(said.code, said.err, "profiles", "holds no .toml file")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), ("COMMAND",)),
        (("certfy",), ("certfy",)),
        (("certify", "--fast"), ("--fast",)),
        (("certify",), ("nothing to certify",)),
        (("certify", "127.0.0.1:8000"), ("URL", "http://")),
        (("certify", "localhost"), ("URL", "http://localhost")),
        (("certify", "http://u:p@h/"), ("URL", "password")),
        (("certify", "http://h:99999/"), ("URL",)),
        (("certify", "http://h/"), ("what is certified?",)),
        (("certify", "http://h/", "--subject", "app"), ("--subject", "sha256")),
        (("certify", "http://h/", "--subject-file", "nowhere"), ("--subject-file", "nowhere")),
        (("certify", "--source", "nowhere"), ("--source", "nowhere")),
        (("certify", "--source", "battery.key"), ("--source", "battery.key", "is no folder")),
        (("certify", "--config", "nowhere.toml"), ("nowhere.toml",)),
        (("certify", "--config", "."), ("is a folder",)),
        ((*BASELINE, "--config", "nowhere.toml"), ("nowhere.toml",)),
        ((*BASELINE, "--only", "laod"), ("--only", "laod")),
        ((*BASELINE, "--only", ","), ("--only", "at least one")),
        ((*BASELINE, "--profiles", "P9"), ("--profiles", "P9")),
        ((*BASELINE, "--seed", "-1"), ("--seed",)),
        ((*BASELINE, "--seed", "x"), ("--seed",)),
        ((*BASELINE, "--intensity", "huge"), ("--intensity",)),
        ((*BASELINE, "--demo"), ("--demo",)),
        ((*BASELINE, "http://h/"), ("URL has no place",)),
        ((*BASELINE, "--nonce", "\udcff"), ("no UTF-8",)),
        ((*BASELINE, "--key", "nowhere.key"), ("nowhere.key", "keygen")),
        ((*BASELINE, "--key", "battery.pub"), ("battery.pub", "public key")),
        ((*BASELINE, "--key", "env:NO_SUCH"), ("NO_SUCH",)),
        ((*BASELINE, "--key", "rsa.key"), ("rsa.key", "RSA")),
        (("certify", "--demo", "--config", "x.toml"), ("--config has no place beside --demo",)),
        (("certify", "--demo", "--source", "."), ("--source has no place beside --demo",)),
        (("certify", "--scenario", "failing", "http://h/"), ("--baseline",)),
        (("certify", "--resume", "nowhere"), ("nowhere", "is no run folder")),
        (("certify", "--resume", "round"), ("round",)),
        (("certify", "--config", "round"), ("round",)),
        ((*BASELINE, "--out", "round"), ("round",)),
        ((*BASELINE, "--source", "round"), ("round",)),
        ((*BASELINE, "--key", "round"), ("round",)),
        (("report", "round"), ("round",)),
        (("certify", "--resume", "."), ("is no run folder",)),
        (("certify", "--resume", ".", "--nonce", "n"), ("--nonce has no place beside --resume",)),
        (("certify", "--resume", ".", "--subject-file", "n"), ("--subject-file has no place beside",)),
        (("report", "nowhere"), ("nowhere", "is no run folder")),
        (("report", ".", "--format", "pdf"), ("--format",)),
    ],
)
def test_a_command_that_cannot_be_is_told_in_one_line(
    here: Path, capsys: Capsys, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    (here / "round").symlink_to("round")
    if "rsa.key" in arguments:
        pem = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (here / "rsa.key").write_bytes(pem)
    said = run_here(capsys, *arguments)
    refused(said.code, said.err, *told)
    assert said.out == ""
    assert not (here / "artifacts").exists()


def test_without_a_key_nothing_runs(here: Path, capsys: Capsys) -> None:
    (here / "battery.key").unlink()
    own_checks(here, it="raise SystemExit('it was imported')")
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    refused(said.code, said.err, "no signing key", "battery keygen")


@pytest.mark.parametrize(
    ("made_with", "used_with", "told"),
    [
        ("right", "wrong", "wrong BATTERY_KEY_PASSPHRASE"),
        ("right", "", "is encrypted"),
        ("", "any", "not encrypted"),
    ],
)
def test_a_passphrase_that_does_not_fit_is_told(
    here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch, made_with: str, used_with: str, told: str
) -> None:
    monkeypatch.delenv("BATTERY_KEY_PASSPHRASE", raising=False)
    if made_with:
        monkeypatch.setenv("BATTERY_KEY_PASSPHRASE", made_with)
    run_here(capsys, "keygen", "--out", "mine")
    monkeypatch.setenv("BATTERY_KEY_PASSPHRASE", used_with)
    said = run_here(capsys, *BASELINE, "--key", "mine.key")
    refused(said.code, said.err, "mine.key", told)


@pytest.mark.parametrize(
    "out", ["/proc/artifacts", "battery.key", "battery.key/below", "/dev/null/artifacts"]
)
@pytest.mark.parametrize("key", [(), ("--key", "battery.key")])
def test_an_artifacts_folder_that_cannot_be_made_is_told(
    capsys: Capsys, out: str, key: tuple[str, ...]
) -> None:
    said = run_here(capsys, *BASELINE, "--out", out, *key)
    refused(said.code, said.err, out)


@pytest.mark.parametrize("most", [0, 10_000, 40_000])
def test_a_full_disk_ends_the_run_with_the_reason_and_without_a_certificate(here: Path, most: int) -> None:
    # A limit on the size of files stands in for a full disk: both fail the write.
    said = subprocess.run(
        [*BATTERY, *BASELINE, "--key", "battery.key"],
        cwd=here,
        # Measuring coverage writes files too.
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert said.returncode == 64, said.stderr
    last = said.stderr.splitlines()[-1]
    assert last.startswith("battery certify: ")
    assert "cannot be written" in last or "no temporary file" in last
    assert not list((here / "artifacts").rglob("certificate.json"))
    if most and list((here / "artifacts").rglob("plan.json")):
        assert run("certify", "--resume", "artifacts/latest", "--key", "battery.key", cwd=here).code == 0


def test_a_run_of_another_version_is_told(here: Path, capsys: Capsys) -> None:
    run_here(capsys, *BASELINE)
    path = here / "artifacts/latest/plan.json"
    plan = msgspec.json.decode(path.read_bytes())
    path.write_bytes(encode(plan | {"format": 99, "unheard": "of"}))
    said = run_here(capsys, "certify", "--resume", "artifacts/latest")
    refused(said.code, said.err, "format 99", "use the battery version that made it")
    assert (here / "artifacts/latest/certificate.json").is_file()


def test_a_run_that_another_battery_works_on_is_left_alone(here: Path, capsys: Capsys) -> None:
    from battery.store import RunFolder

    run_here(capsys, *BASELINE)
    with RunFolder.open(here / "artifacts/latest").locked():
        said = run_here(capsys, "certify", "--resume", "artifacts/latest")
    refused(said.code, said.err, "another battery works on this run")


def test_a_broken_ledger_is_told_before_anything_is_measured(here: Path, capsys: Capsys) -> None:
    run_here(capsys, *BASELINE)
    (here / "artifacts/ledger.jsonl").write_text("{}\n")
    own_checks(here, it="def check_it(): raise AssertionError")
    said = run_here(capsys, "certify", "--subject", SUBJECT)
    assert said.code == 4
    assert "ledger.jsonl" in said.last
    assert not list((here / "artifacts/latest/evidence").iterdir())


def test_a_loop_of_links_in_the_source_tree_is_a_part_of_it(here: Path, capsys: Capsys) -> None:
    (here / "src").mkdir()
    (here / "src" / "loop").symlink_to("loop")
    (here / "src" / "up").symlink_to("..")
    assert run_here(capsys, *BASELINE, "--source", "src").code == 0
    (here / "round").symlink_to("round")
    said = run_here(capsys, *BASELINE, "--source", "round")
    refused(said.code, said.err, "--source", "round")


def test_names_that_are_no_utf8_are_hashed_in_the_tree_and_refused_as_its_path(
    here: Path, capsys: Capsys
) -> None:
    tree = here / "tree"
    tree.mkdir()
    (tree / "gr\udcfc\udcdfe").write_bytes(b"\xff")
    assert run_here(capsys, *BASELINE, "--source", "tree").code == 0
    tree.rename(here / "b\udce4um")
    said = run_here(capsys, *BASELINE, "--source", "b\udce4um")
    refused(said.code, said.err, "no UTF-8")


def test_with_json_an_error_is_one_document_on_stdout(capsys: Capsys) -> None:
    said = run_here(capsys, "certify", "--config", "nowhere.toml", "--json")
    assert (said.code, said.json["exit"]) == (64, 64)
    assert "nowhere.toml" in said.json["error"]


def test_a_defect_is_one_line_and_70_and_the_traceback_is_there_for_who_asks(
    here: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(arguments: object) -> int:
        raise LookupError("two\nlines")

    monkeypatch.setattr("battery.cli.schema.run", broken)
    said = run_here(capsys, "schema")
    assert said.code == 70
    assert said.err.count("\n") == 1
    assert "internal error: LookupError: two lines" in said.err
    monkeypatch.setenv("BATTERY_TRACEBACK", "1")
    assert "Traceback" in run_here(capsys, "schema").err


def test_a_reader_that_leaves_is_no_verdict(here: Path) -> None:
    code = "import sys; from battery.cli import main; sys.stdout.close(); sys.stdout = open(1, 'w', closefd=False); sys.exit(main(['schema']))"
    read, write = os.pipe()
    os.close(read)
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=here, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert said.returncode == 141
    assert said.stderr == b""


def test_a_whole_process_says_the_same(here: Path) -> None:
    for arguments in ((), ("certify", "--config", "nowhere.toml"), ("certify", "x")):
        said = run(*arguments, cwd=here)
        refused(said.code, said.err)
    assert run("--version", cwd=here).out.startswith("battery ")


def refused(code: int, err: str, *told: str) -> None:
    """Exit code 64 and one line that holds every word."""
    assert code == 64, err
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    assert "internal error" not in err
    for word in told:
        assert word in err
