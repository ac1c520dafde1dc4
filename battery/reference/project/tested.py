"""The project's tests, run on the folder that this file lies in, with and without a count of what they cover."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = Path(__file__).with_name("measuring.toml")


def run_tests(arguments: Sequence[str] = (), root: Path = ROOT) -> int:
    """Run them; pytest's exit status."""
    return _python(root, "-m", *_pytest(root), *arguments)


def measure(out: Path, least: float = 0.0, root: Path = ROOT) -> int:
    """Run them and write coverage.py's JSON report; the status of the first step that failed.

    Below `least` percent the last step fails: the report is there then, for whoever judges by it.
    """
    out = out.absolute()
    out.unlink(missing_ok=True)  # the report of an earlier run would speak of other code
    with tempfile.TemporaryDirectory(prefix="measured-") as folder:
        data = {"MEASURED_DATA": str(Path(folder, "data")), "MEASURED_ROOT": str(root)}
        rc = f"--rcfile={_SETTINGS}"
        steps = (
            ("run", rc, "-m", *_pytest(root), str(root / "tests")),
            ("combine", rc, "--quiet"),
            ("json", rc, "--quiet", "-o", str(out)),
            ("report", rc, f"--fail-under={least:g}"),
        )
        for step in steps:
            if status := _python(root, "-m", "coverage", *step, **data):
                return status
    return 0


def _pytest(root: Path) -> tuple[str, ...]:
    return "pytest", "-c", str(root / "pytest.ini"), "--rootdir", str(root)


def _python(root: Path, *arguments: str, **variables: str) -> int:
    """Run Python in the folder, with no plugin of pytest but the project's own; its exit status."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-P", *arguments], cwd=root, env={**environment, **variables}, check=False
    )
    return done.returncode
