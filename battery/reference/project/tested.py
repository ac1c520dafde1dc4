"""The project's tests, run on the folder that this file lies in, with and without a count of what they cover."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = Path(__file__).with_name("measuring.toml")
# What starts processes waits much and what does not computes much: side by side they take half the time.
_SHARES = ("processes", "not processes")
_NOTHING_TO_RUN = 5
"""pytest's exit status where no test was selected."""


def run_tests(arguments: Sequence[str] = (), root: Path = ROOT) -> int:
    """Run them; pytest's exit status."""
    return _python(root, "-m", *_pytest(root), *arguments).wait()


def measure(out: Path, least: float = 0.0, root: Path = ROOT) -> int:
    """Run them and write coverage.py's JSON report; the status of the first step that failed.

    Below `least` percent the last step fails: the report is there then, for whoever judges by it.
    """
    out = out.absolute()
    out.unlink(missing_ok=True)  # the report of an earlier run would speak of other code
    with tempfile.TemporaryDirectory(prefix="measured-") as folder:
        data = {"MEASURED_DATA": str(Path(folder, "data")), "MEASURED_ROOT": str(root)}
        # Without bytecode each of the many processes that the tests start would compile the service again.
        data["PYTHONDONTWRITEBYTECODE"] = ""
        if status := _run_shares(root, Path(folder), data):
            return status
        rc = f"--rcfile={_SETTINGS}"
        steps = (
            ("combine", rc, "--quiet"),
            ("json", rc, "--quiet", "-o", str(out)),
            ("report", rc, f"--fail-under={least:g}"),
        )
        for step in steps:
            if status := _python(root, "-m", "coverage", *step, variables=data).wait():
                return status
    return 0


def _run_shares(root: Path, folder: Path, data: dict[str, str]) -> int:
    """All tests, in shares that run side by side; each share's output is shown whole, one after the other."""
    said = [folder / f"share-{number}.log" for number in range(len(_SHARES))]
    words = ("-m", "coverage", "run", f"--rcfile={_SETTINGS}", "-m", *_pytest(root), str(root / "tests"))
    running = []
    for share, log in zip(_SHARES, said, strict=True):
        with log.open("wb") as file:
            running.append(_python(root, *words, "-m", share, output=file, variables=data))
    try:
        codes = [process.wait() for process in running]
    finally:
        for process in running:
            process.kill()  # only what an interrupt has left: one that ended is not there to be hit
    for log in said:
        sys.stdout.write(log.read_text("utf-8", "replace"))
    sys.stdout.flush()
    if failed := [code for code in codes if code not in (0, _NOTHING_TO_RUN)]:
        return failed[0]
    # A share may be empty, not the whole.
    return 0 if 0 in codes else _NOTHING_TO_RUN


def _pytest(root: Path) -> tuple[str, ...]:
    return "pytest", "-c", str(root / "pytest.ini"), "--rootdir", str(root)


def _python(
    root: Path, *arguments: str, output: IO[bytes] | None = None, variables: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start Python in the folder, with no plugin of pytest but the project's own."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", *arguments],
        cwd=root,
        env={**environment, **(variables or {})},
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
    )
