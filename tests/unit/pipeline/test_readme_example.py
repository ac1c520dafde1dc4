"""The README's example of a check of one's own is taken as it stands there."""

import re
from pathlib import Path

from battery.definitions.battery_toml import load_definition
from battery.pipeline import Choices, prepare
from battery.store import RunFolder
from tests.fakes.plans import SUBJECT

README = Path(__file__).resolve().parents[3] / "README.md"
FILE = re.compile(r"```(?:toml|python)\n# (\S+\.(?:toml|py))\n(.*?)```", re.DOTALL)


def planned(folder: Path) -> RunFolder:
    choices = Choices(
        mode="baseline",
        scenario="passing",
        intensity="smoke",
        subject=SUBJECT,
        nonce="",
        seed=1,
        only=(),
        profiles=(),
    )
    return prepare(load_definition(folder / "battery.toml"), folder, folder / "artifacts", choices)


def test_the_example_is_planned_and_judged_by_its_own_gate(tmp_path: Path) -> None:
    for name, text in FILE.findall(README.read_text()):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    plan = planned(tmp_path).plan()
    check = next(check for check in plan.checks if check.origin == "user")
    assert (check.id, check.gates, check.measures, check.limit) == (
        "orders.open",
        ("G9",),
        ("orders.open",),
        20.0,
    )
    assert plan.gates[-1].id == "G9"
    assert not [change for change in plan.changes if change.loosened]


def test_the_example_of_scans_is_a_sound_definition(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(\[security\]\n.*?)```", README.read_text(), re.DOTALL)
    (tmp_path / "battery.toml").write_text(text)
    security = load_definition(tmp_path / "battery.toml").security
    assert [identity.kind for identity in security.identity] == ["valid", "wrong_role"]
    assert security.login is not None
