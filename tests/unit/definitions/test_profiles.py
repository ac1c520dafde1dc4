"""Profiles: shipped ones, the user's own over them."""

from pathlib import Path

import pytest

from battery.definitions.profiles import load_profiles
from battery.errors import DefinitionError
from battery.model.definition import ProfileChoice

PROFILE = """
id = "P9"
title = "mine"
why = "because"
model = "open"
[smoke]
stages = [{ name = "a", duration = "1 s", rate = "5/s" }]
[standard]
stages = [{ name = "a", duration = "1 s", rate = "5/s" }]
[full]
stages = [{ name = "a", duration = "1 s", rate = "5/s" }, { name = "b", duration = "2 s", rate = "60/min" }]
"""
LAST = 'duration = "2 s", rate = "60/min"'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    return tmp_path / "profiles"


def problem_of(own: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        load_profiles(ProfileChoice(folder="profiles"), own.parent)
    return str(caught.value).removeprefix(f"{own}")


def test_every_shipped_profile_loads() -> None:
    loaded = load_profiles(ProfileChoice(), Path())
    assert [profile.id for profile in loaded.profiles] == ["P1", "P2", "P3", "P4", "P5"]
    assert all(file.shipped for file in loaded.files)


def test_an_own_profile_stands_beside_or_in_the_place_of_a_shipped_one(own: Path) -> None:
    (own / "mine.toml").write_text(PROFILE)
    (own / "one.toml").write_text(PROFILE.replace("P9", "P1"))
    loaded = load_profiles(ProfileChoice(folder="profiles"), own.parent)
    assert [(profile.id, profile.title) for profile in loaded.profiles][::5] == [
        ("P1", "mine"),
        ("P9", "mine"),
    ]
    assert [file.name for file in loaded.files if not file.shipped] == [
        "profiles/mine.toml",
        "profiles/one.toml",
    ]


def test_two_profiles_with_one_id_are_refused(own: Path) -> None:
    (own / "a.toml").write_text(PROFILE)
    (own / "b.toml").write_text(PROFILE)
    assert problem_of(own) == '/b.toml: id: "P9" is defined in a.toml too'


def test_an_empty_folder_is_refused(own: Path) -> None:
    assert problem_of(own) == ": holds no .toml file (an empty folder defines nothing)"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            LAST,
            'duration = "0 s", rate = "1/s"',
            'full.stages[1].duration: "0 s" is no time; expected more than 0 s',
        ),
        (
            LAST,
            'duration = "1 s", rate = "0/s"',
            'full.stages[1].rate: "0/s" sends nothing; expected more than 0/s',
        ),
        (
            LAST,
            'duration = "1 s", rate = "-5/s"',
            'full.stages[1].rate: "-5/s" is not allowed; expected a rate',
        ),
        (LAST, 'duration = "1 s"', "full.stages[1].rate: is missing; a profile of model open needs it"),
        (
            LAST,
            'duration = "1 s", rate = "1/s", users = 3',
            "full.stages[1].users: has no place in a profile of model open",
        ),
        (
            LAST,
            'duration = "1 s", users = 0',
            "full.stages[1].users: 0 is not allowed; expected a whole number from 1",
        ),
        (
            'model = "open"',
            'model = "closed"',
            "smoke.stages[0].users: is missing; a profile of model closed needs it",
        ),
        (
            'model = "open"',
            'model = "opne"',
            'model: "opne" is not allowed; expected one of "closed", "open"',
        ),
        ('id = "P9"', 'id = "P9\\n"', 'id: "P9\\n" is not allowed; expected an id such as "P1"'),
        ("[smoke]", '[smoke]\nwarmup = "soon"', 'smoke.warmup: "soon" is not allowed; expected a duration'),
        (
            'name = "b"',
            'name = ""',
            'full.stages[1].name: "" is not allowed; expected text of at least 1 character',
        ),
    ],
)
def test_a_profile_that_cannot_be_is_refused_at_its_key(own: Path, old: str, new: str, message: str) -> None:
    (own / "a.toml").write_text(PROFILE.replace(old, new))
    assert problem_of(own).startswith(f"/a.toml: {message}")
