"""Known attacks on TLS, tried by sslyze where it is installed: a program of its own, which is never imported.

https://nabla-c0d3.github.io/sslyze/documentation/json-output.html
"""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from battery.model.frozen import Frozen
from battery.scan.target.notes import Notes
from battery.scan.target.scope import Origin
from battery.scan.target.tool import installed, run_to_its_end
from battery.scan.target.view import View

_ABSENT = (
    "not installed: Heartbleed, CCS injection, ROBOT, compression and renegotiation were not tried; "
    "pip install 'hardening-battery[tls]'"
)
_TAIL = 300


class Attack(Frozen, frozen=True, kw_only=True):
    """One of sslyze's tests: its option, where its result stands, the rule that it breaks, and how that is seen.

    `seen` gives what was seen of the defect, nothing where there is none.

    Raises: KeyError where the result does not say.
    """

    name: str
    option: str
    key: str
    rule: str
    seen: Callable[[dict[str, Any]], str]


def _heartbleed(result: dict[str, Any]) -> str:
    return (
        "it answers a heartbeat that lies about its length" if result["is_vulnerable_to_heartbleed"] else ""
    )


def _ccs(result: dict[str, Any]) -> str:
    return "it changes ciphers before keys are agreed" if result["is_vulnerable_to_ccs_injection"] else ""


def _robot(result: dict[str, Any]) -> str:
    said: str = result["robot_result"]
    if said.startswith("UNKNOWN"):
        raise KeyError(said)
    return f"its answers tell paddings apart: {said}" if said.startswith("VULNERABLE") else ""


def _compression(result: dict[str, Any]) -> str:
    return "it compresses what it encrypts" if result["supports_compression"] else ""


def _renegotiation(result: dict[str, Any]) -> str:
    if not result["supports_secure_renegotiation"]:
        return "it renegotiates without binding the new session to the old one"
    times = result["client_renegotiations_success_count"]
    return (
        f"{times} renegotiations that the client asked for, one after the other"
        if result["is_vulnerable_to_client_renegotiation_dos"]
        else ""
    )


ATTACKS = (
    Attack(
        name="Heartbleed",
        option="--heartbleed",
        key="heartbleed",
        rule="target.tls.heartbleed",
        seen=_heartbleed,
    ),
    Attack(
        name="CCS injection",
        option="--openssl_ccs",
        key="openssl_ccs_injection",
        rule="target.tls.ccs-injection",
        seen=_ccs,
    ),
    Attack(name="ROBOT", option="--robot", key="robot", rule="target.tls.robot", seen=_robot),
    Attack(
        name="compression",
        option="--compression",
        key="tls_compression",
        rule="target.tls.compression",
        seen=_compression,
    ),
    Attack(
        name="renegotiation",
        option="--reneg",
        key="session_renegotiation",
        rule="target.tls.renegotiation",
        seen=_renegotiation,
    ),
)


class Attempt(msgspec.Struct):
    """What became of one test."""

    status: str
    error_reason: str | None = None
    result: dict[str, Any] | None = None


class _Scan(msgspec.Struct):
    """One server's results by test; none where it could not be connected to."""

    scan_status: str
    scan_result: dict[str, Attempt | None] | None = None


class _Report(msgspec.Struct):
    sslyze_version: str
    server_scan_results: list[_Scan]


class NoReport(Exception):
    """sslyze left nothing to read; the text says why."""


async def look_for_attacks(
    view: View, notes: Notes, origin: Origin, still_answers: Callable[[], Awaitable[bool]] | None
) -> None:
    """Try what sslyze can try, where it is installed; its greetings go to the target's own address and nowhere else.

    sslyze takes a connection that is closed for one that withstood: `still_answers` asks afterwards whether TLS 1.2 is
    still spoken, where it was before. Some of these attacks hold for no newer version.
    """
    executable = installed(view.request.sslyze)
    if executable is None:
        notes.facts["sslyze"] = _ABSENT
        return
    notes.plan(*(attack.name for attack in ATTACKS))
    with tempfile.TemporaryDirectory(prefix="battery-tls-") as folder:
        try:
            report = await _report(executable, origin, Path(folder))
        except NoReport as error:
            notes.skip_rest(str(error))
            return
    notes.facts["sslyze"] = report.sslyze_version
    if still_answers is not None and not await still_answers():
        notes.skip_rest(
            "the target stopped answering while sslyze tried them; allow more connections, or try again"
        )
        return
    judge_report(report.server_scan_results[0].scan_result or {}, notes, origin.url)


def judge_report(results: dict[str, Attempt | None], notes: Notes, url: str) -> None:
    """A finding for each attack that works; one that came to no end was not tried."""
    for attack in ATTACKS:
        attempt = results.get(attack.key)
        try:
            if attempt is None or attempt.status != "COMPLETED" or attempt.result is None:
                raise KeyError(attempt.error_reason or attempt.status if attempt else "not among its results")
            seen = attack.seen(attempt.result)
        except KeyError as why:
            notes.skip(attack.name, f"sslyze came to no result: {why.args[0]}")
            continue
        notes.tried(attack.name)
        if seen:
            notes.finding(attack.rule, url, content=attack.name, excerpt=seen)


async def _report(executable: str, origin: Origin, folder: Path) -> _Report:
    """Raises: NoReport."""
    written, output = folder / "report.json", folder / "output.txt"
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    options = [attack.option for attack in ATTACKS]
    command = [executable, "--mozilla_config=disable", "--quiet", "--slow_connection", *options]
    code = await run_to_its_end([*command, f"--json_out={written}", f"{host}:{origin.port}"], folder, output)
    try:
        report = msgspec.json.decode(written.read_bytes(), type=_Report)
        if not report.server_scan_results or report.server_scan_results[0].scan_status != "COMPLETED":
            raise NoReport("sslyze could not connect to the target")
    except (OSError, msgspec.DecodeError) as error:
        said = " ".join(output.read_text(errors="replace")[-_TAIL:].split()) or "nothing"
        raise NoReport(f"sslyze left no usable report (exit {code}); it said: {said}") from error
    return report
