"""One run of schemathesis: its folder, its command, its end."""

from pathlib import Path

from battery.scan.target.fuzz_report import FuzzReport, read_report
from battery.scan.target.request import TargetScanRequest
from battery.scan.target.scope import scope_of
from battery.scan.target.tool import run_to_its_end

_CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "ignored_auth"),
)
_TAIL = 600


class FuzzFailed(Exception):
    """The run brought nothing back; the text says why."""


async def run_fuzzer(
    executable: str, request: TargetScanRequest, url: str, proxy: str, document: str, folder: Path
) -> FuzzReport:
    """Run it in its own folder and environment: neither the user's settings nor their proxies reach it.

    Raises: FuzzFailed.
    """
    (folder / "openapi.json").write_text(document)
    (folder / "schemathesis.toml").write_text(_settings(request))
    output = folder / "output.txt"
    code = await run_to_its_end(
        _command(executable, request, url, proxy), folder, output, _variables(request)
    )
    try:
        return read_report((folder / "report.json").read_bytes())
    except (OSError, ValueError) as error:
        said = " ".join(output.read_text(errors="replace")[-_TAIL:].split()) or "nothing"
        raise FuzzFailed(f"schemathesis left no usable report (exit {code}); it said: {said}") from error


def _command(executable: str, request: TargetScanRequest, url: str, proxy: str) -> tuple[str, ...]:
    limits = request.limits
    command = [
        *(executable, "--no-color", "--config-file", "schemathesis.toml", "run", "openapi.json"),
        *("--url", url, "--proxy", proxy, "--tls-verify", _verification(request)),
        *("--seed", str(request.seed), "--continue-on-failure", "--generation-database", "none"),
        *("--max-examples", str(limits.examples), "--request-timeout", f"{limits.deadline:g}"),
        *("--rate-limit", f"{max(int(limits.rate), 1)}/s", "--checks", ",".join(_CHECKS)),
        *("--report", "json", "--report-json-path", "report.json"),
    ]
    if not request.fuzz_may_write:
        command += ["--include-method", "GET", "--include-method", "HEAD", "--include-method", "OPTIONS"]
    return tuple(command)


def _verification(request: TargetScanRequest) -> str:
    """Whose certificates it trusts; anybody's only where no secret goes out or nothing leaves this machine."""
    careless = not request.headers or scope_of(request.url).target.is_loopback
    return request.ca_file or ("false" if careless else "true")


def _settings(request: TargetScanRequest) -> str:
    """Headers by reference only: their values travel in the environment, never on the command line or in a file."""
    lines = []
    if request.headers:
        lines.append("[headers]")
        lines += [f'"{name}" = "${{BATTERY_HEADER_{number}}}"' for number, name in enumerate(request.headers)]
    lines += ["[phases.coverage]", "unexpected-methods = []"]
    return "\n".join([*lines, ""])


def _variables(request: TargetScanRequest) -> dict[str, str]:
    return {f"BATTERY_HEADER_{number}": value for number, value in enumerate(request.headers.values())}
