"""What every test shares: real tools are found, or their absence is said, or it is a failure."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long one example takes says how busy the machine is, and nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
TOOLS = Path(os.environ.get("BATTERY_TOOLS", Path.home() / ".cache/hardening-battery/tools"))
REQUIRED = os.environ.get("BATTERY_REQUIRE_REAL") == "1"
os.environ["PATH"] = os.pathsep.join([str(TOOLS / "bin"), os.environ["PATH"]])
# What tests leave when they kill a battery is no business of this user's own batteries, nor of other workers.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="battery-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs a real tool is skipped without it, and fails where CI demands it."""
    for mark in item.iter_markers("real"):
        for tool in mark.args:
            if shutil.which(tool) is None:
                message = f"{tool} is not installed: .ci/install-tools installs it"
                if REQUIRED:
                    pytest.fail(message, pytrace=False)
                pytest.skip(message)


@pytest.fixture
def npm_modules() -> Path:
    """The folder with the npm packages that .ci/install-tools installs."""
    folder = TOOLS / "npm" / "node_modules"
    if not folder.is_dir():
        message = "the npm packages are not installed: .ci/install-tools installs them"
        if REQUIRED:
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return folder
