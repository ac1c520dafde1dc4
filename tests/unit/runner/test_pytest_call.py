"""Nothing around the target changes how the checks run."""

import os
from pathlib import Path

import pytest

from tests.fakes.checks import run_one

HOSTILE = {
    "pyproject.toml": "[tool.pytest.ini_options]\npython_files = 'nothing'\naddopts = '--no-such-option'\n",
    "pytest.ini": "[pytest]\naddopts = --no-such-option -p hostile_plugin\nfilterwarnings = error\n",
    "tox.ini": "[pytest]\naddopts = --no-such-option\n",
    "setup.cfg": "[tool:pytest]\naddopts = --no-such-option\n",
    "conftest.py": "raise SystemExit('conftest was imported')\n",
    "hostile_plugin.py": "raise SystemExit('plugin was imported')\n",
    "hostile.egg-info/entry_points.txt": "[pytest11]\nhostile = hostile_plugin\n",
    "hostile.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: hostile\nVersion: 1\n",
}


@pytest.mark.parametrize("place", ["", "checks"])
def test_settings_and_plugins_beside_the_checks_change_nothing(
    tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in HOSTILE.items():
        path = tmp_path / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path / place)
    monkeypatch.syspath_prepend(tmp_path / place)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "hostile_plugin")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    evidence, _ = run_one(tmp_path, "def check_it(record): record.measure('coverage.line', 95)")
    assert evidence.status == "measured", evidence.reason
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"
    assert os.environ["PYTEST_PLUGINS"] == "hostile_plugin"
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def test_the_callers_own_settings_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "yes")
    run_one(tmp_path, "def check_it(record): record.measure('coverage.line', 95)")
    assert os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "yes"
