"""The attacks, and who notices them: the file check, with and without an anchor, a command, a call to the target."""

import hashlib
import hmac
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from battery.errors import UsageError
from battery.readiness.audit_chain.attacks import attacks
from battery.readiness.audit_chain.chain_log import ChainUnreadable, Entry, read_entries, written
from battery.readiness.audit_chain.command_verifier import CommandVerifier
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.detection import detect
from battery.readiness.audit_chain.file_check import anchor_of, chain_troubles
from battery.readiness.audit_chain.http_verifier import HttpVerifier
from battery.readiness.audit_chain.own_verifier import OwnVerifier
from battery.readiness.audit_chain.suite import SuiteResult, run_suite
from battery.readiness.audit_chain.verifier import Opinion, Verifier
from tests.fakes.ended import all_end
from tests.unit.readiness.audit_chain.chains import WAYS, Make, chain, inside_sorted

FIVE = ["edit", "delete", "reorder", "truncate", "re-chain"]
LOG = chain(inside_sorted)
ENTRIES = read_entries(LOG)
DESCRIPTION = detect(ENTRIES)


def run(verifier: Verifier) -> SuiteResult:
    return run_suite(ENTRIES, DESCRIPTION, verifier, LOG)


class Says:
    """A verifier that always says the same."""

    name = "a parrot"

    def __init__(self, intact: bool | None) -> None:
        self._intact = intact

    def judge(self, file: Path) -> Opinion:
        """Say it."""
        return Opinion(intact=self._intact, said="as always")


@pytest.mark.parametrize("make", WAYS, ids=lambda make: make.__name__)
def test_each_attack_changes_the_log_and_stays_a_log(make: Make) -> None:
    entries = read_entries(chain(make))
    description = detect(entries)
    made = attacks(entries, description)
    assert [attack.name for attack in made] == FIVE
    for attack in made:
        assert written(attack.entries) != written(entries)
        assert read_entries(written(attack.entries)) == attack.entries
    whole = {attack.name: chain_troubles(attack.entries, description) for attack in made}
    assert [name for name, troubles in whole.items() if not troubles] == ["truncate", "re-chain"]


def test_without_an_anchor_a_file_alone_cannot_show_truncation_or_a_new_chain() -> None:
    result = run(OwnVerifier(DESCRIPTION))
    assert result.proven
    assert result.undetected == ("truncate", "re-chain")
    assert not result.holds


def test_with_an_anchor_every_attack_is_detected() -> None:
    result = run(OwnVerifier(DESCRIPTION, anchor_of(ENTRIES, DESCRIPTION)))
    assert result.undetected == ()
    assert result.holds
    assert [outcome.attack for outcome in result.outcomes] == FIVE


@pytest.mark.parametrize(("intact", "proven"), [(False, False), (True, True), (None, False)])
def test_a_verifier_that_always_says_the_same_proves_nothing(intact: bool | None, proven: bool) -> None:
    result = run(Says(intact))
    assert result.proven is proven
    assert not result.holds


def test_a_log_with_too_few_records_cannot_be_attacked() -> None:
    with pytest.raises(ChainUnreadable, match="at least 4"):
        attacks(ENTRIES[:3], DESCRIPTION)


def test_records_of_nothing_but_hashes_cannot_be_edited() -> None:
    bare = [Entry(raw=b"{}", record={"hash": "a", "prev_hash": "b"})] * 5
    with pytest.raises(ChainUnreadable, match="nothing but hashes"):
        attacks(bare, DESCRIPTION)


@pytest.mark.parametrize("value", [True, 3, 1.5, "", "a", {"x": 1}, ["x"], None])
def test_a_value_of_any_kind_is_edited_to_another(value: object) -> None:
    made = [Entry(raw=b"{}", record={"value": value, "hash": "a", "prev_hash": "b"})] * 5
    edit = attacks(made, DESCRIPTION)[0]
    assert edit.entries[2].record["value"] != value


KEY = b"a key that only the service has"


def keyed(record: dict[str, Any], previous: str) -> str:
    body = json.dumps({**record, "prev_hash": previous}, sort_keys=True).encode()
    return hmac.new(KEY, body, hashlib.sha256).hexdigest()


def keyed_is_intact(data: bytes) -> bool:
    previous = ""
    count = 0
    for line in data.splitlines():
        record = json.loads(line)
        made = record.pop("hash")
        if record.pop("prev_hash") != previous or made != keyed(record, previous):
            return False
        previous, count = made, count + 1
    return count == 6  # the service knows how many it wrote


@pytest.fixture
def target() -> Iterator[httpx.Client]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            intact = keyed_is_intact(data)
            status, body = 200, json.dumps({"valid": intact})
            if self.path == "/by-status":
                status, body = (200, '{"ok": true}') if intact else (422, "")
            elif self.path == "/broken":
                status = 500
            elif self.path == "/vague":
                body = '{"valid": "maybe"}'
            elif self.path == "/no-json":
                body = "yes"
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}", trust_env=False) as http:
        yield http
    server.shutdown()
    thread.join()
    server.server_close()


KEYED = chain(keyed)
KEYED_DESCRIPTION = ChainDescription(
    hash_field="hash",
    previous_field="prev_hash",
    serialisation="sorted-spaced",
    start="",
    sequence_field="seq",
)


@pytest.mark.parametrize("path", ["/verify", "/by-status"])
def test_a_target_with_a_key_and_a_count_detects_every_attack(target: httpx.Client, path: str) -> None:
    result = run_suite(read_entries(KEYED), KEYED_DESCRIPTION, HttpVerifier(target, path), KEYED)
    assert result.holds, result


@pytest.mark.parametrize(
    ("path", "said"),
    [("/broken", "HTTP 500"), ("/vague", 'has no "intact" or "valid"'), ("/no-json", "true or false")],
)
def test_a_call_that_says_nothing_clear_is_no_opinion(target: httpx.Client, path: str, said: str) -> None:
    result = run_suite(read_entries(KEYED), KEYED_DESCRIPTION, HttpVerifier(target, path), KEYED)
    assert result.control.intact is None
    assert said in result.control.said
    assert result.undetected == tuple(FIVE)


def test_a_target_that_is_away_has_no_opinion(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(LOG)
    with httpx.Client(base_url="http://127.0.0.1:1", trust_env=False) as http:
        assert HttpVerifier(http, "/verify", field="intact").judge(log).intact is None


VERIFY = "import sys,json; [json.loads(l) for l in open(sys.argv[1])]; sys.exit({})"


@pytest.mark.parametrize(
    ("code", "intact"), [("0", True), ("1", False), ("63", False), ("64", None), ("127", None)]
)
def test_a_commands_exit_code_is_its_opinion(tmp_path: Path, code: str, intact: bool | None) -> None:
    log = tmp_path / "log"
    log.write_bytes(LOG)
    verifier = CommandVerifier((sys.executable, "-c", VERIFY.format(code), "{file}"))
    assert verifier.judge(log).intact is intact


def test_a_command_that_hangs_or_is_not_there_has_no_opinion(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(LOG)
    assert CommandVerifier(("no-such-command", "{file}")).judge(log).intact is None
    hanging = ("sh", "-c", "sleep 5551; : {file}")
    assert CommandVerifier(hanging, seconds=0.2).judge(log).intact is None
    # Whoever is killed may stand in the list for a moment longer; one that was forgotten would for an hour and a half.
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.info["cmdline"] == ["sleep", "5551"]
    ]
    assert not left or all_end(left, 20.0)


def test_a_command_that_names_no_file_is_refused() -> None:
    with pytest.raises(UsageError, match=r"needs \{file\}"):
        CommandVerifier(("verify", "log"))


def test_the_own_check_tells_what_it_cannot_read(tmp_path: Path) -> None:
    verifier = OwnVerifier(DESCRIPTION)
    assert verifier.judge(tmp_path / "nowhere").intact is None
    (tmp_path / "torn").write_bytes(LOG[:-20])
    assert verifier.judge(tmp_path / "torn").intact is False
