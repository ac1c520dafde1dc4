"""Waivers: an owner, a reason, an end within 90 days, and one thing that is waived."""

from datetime import timedelta
from pathlib import Path

import pytest

from battery.definitions.waivers import load_waivers
from battery.errors import DefinitionError
from tests.fakes.plans import NOW

SOUND = """
[[waiver]]
rule = "G2:load.p3.p99"
reason = "known"
owner = "ann@example.org"
expires = 2026-03-02T12:00:00Z
"""


def test_a_sound_waiver_is_loaded_and_an_expired_one_too(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(SOUND + SOUND.replace("2026", "2020").replace("rule = ", "finding = "))
    first, second = load_waivers(path, NOW)
    assert (first.name, first.expires) == ("G2:load.p3.p99", NOW + timedelta(days=1))
    assert second.expires < NOW
    path.write_text("")
    assert load_waivers(path, NOW) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("12:00:00Z", "12:00:00", "expires: 2026-03-02T12:00:00 has no time zone; expected an instant"),
        (
            "2026-03-02T",
            "2026-05-31T",
            "expires: 2026-05-31T12:00:00+00:00 is too far away; expected at most 90 days",
        ),
        ("2026-03-02T12:00:00Z", "2026-03-02", "expires: 2026-03-02 is not allowed; expected an instant"),
        ("reason", 'finding = "f"\nreason', "needs either a rule or a finding"),
        ('rule = "G2:load.p3.p99"', "", "needs either a rule or a finding"),
        ("ann@example.org", " ", "owner: is empty; somebody must answer for a waiver"),
        ("known", "", "reason: is empty"),
        (
            "G2:load.p3.p99",
            "load.p3.p99",
            'rule: "load.p3.p99" names no rule; expected one such as "G2:load.p3.p99"',
        ),
        ("owner =", 'subject = "abc"\nowner =', 'subject: "abc" is no digest; expected sha256: and 64'),
        ("owner =", 'ower = ""\nowner =', 'ower: unknown key (did you mean "owner"?)'),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_at_its_key(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(SOUND.replace(old, new, 1))
    with pytest.raises(DefinitionError) as caught:
        load_waivers(path, NOW)
    assert str(caught.value).startswith(f"{path}: waiver[0]")
    assert message in str(caught.value)


def test_ninety_days_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(SOUND.replace("2026-03-02", "2026-05-30"))
    assert len(load_waivers(path, NOW)) == 1
