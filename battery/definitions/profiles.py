"""The profiles: shipped ones, the user's own over them."""

from pathlib import Path

from battery.definitions.shipped import shipped_folder, toml_files
from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.definition import ProfileChoice
from battery.model.frozen import Frozen
from battery.model.gate import RuleChange
from battery.model.plan import DefinitionFile
from battery.model.profile import Profile, Shape
from battery.model.quantity import per_second, seconds

PROFILE = "profile:"  # how a changed profile is named beside changed rules


class Profiles(Frozen, frozen=True, kw_only=True):
    """The profiles of a run and the files that define them."""

    profiles: tuple[Profile, ...]
    files: tuple[DefinitionFile, ...]
    changes: tuple[RuleChange, ...] = ()


def load_profiles(choice: ProfileChoice, base: Path) -> Profiles:
    """The shipped profiles with the user's own files laid over them.

    Raises: DefinitionError for an empty folder, two profiles with one id, or a stage that cannot be.
    """
    shipped = _folder(shipped_folder("profiles"), shipped=True)
    if not choice.folder:
        return shipped
    own = _folder(base / choice.folder, shipped=False)
    by_id = {profile.id: profile for profile in (*shipped.profiles, *own.profiles)}
    return Profiles(
        profiles=tuple(by_id[key] for key in sorted(by_id)),
        files=(*shipped.files, *own.files),
        changes=_replaced(shipped, own),
    )


def _replaced(shipped: Profiles, own: Profiles) -> tuple[RuleChange, ...]:
    """Shipped profiles that the user's own stand for; whether a shape is easier cannot be told, so each counts as looser."""
    before = {profile.id: profile for profile in shipped.profiles}
    return tuple(
        RuleChange(
            rule=f"{PROFILE}{profile.id}",
            shipped="the shipped shape",
            used="a shape of your own",
            loosened=True,
        )
        for profile in own.profiles
        if profile.id in before and before[profile.id] != profile
    )


def _folder(folder: Path, *, shipped: bool) -> Profiles:
    profiles: dict[str, Profile] = {}
    files = []
    seen: dict[str, Path] = {}
    for path in toml_files(folder):
        profile, digest = load(path, Profile)
        if profile.id in seen:
            problem = f'"{profile.id}" is defined in {seen[profile.id].name} too'
            raise DefinitionError(str(path), problem, key="id")
        seen[profile.id] = path
        for intensity in ("smoke", "standard", "full"):
            _check_shape(profile, getattr(profile, intensity), str(path), intensity)
        profiles[profile.id] = profile
        files.append(DefinitionFile(name=f"profiles/{path.name}", sha256=digest, shipped=shipped))
    return Profiles(profiles=tuple(profiles.values()), files=tuple(files))


def _check_shape(profile: Profile, shape: Shape, file: str, intensity: str) -> None:
    wanted, other = ("rate", "users") if profile.model == "open" else ("users", "rate")
    for index, stage in enumerate(shape.stages):
        key = f"{intensity}.stages[{index}]"
        if seconds(stage.duration) <= 0:
            problem = f'"{stage.duration}" is no time; expected more than 0 s'
            raise DefinitionError(file, problem, key=f"{key}.duration")
        if getattr(stage, wanted) is None:
            raise DefinitionError(
                file, f"is missing; a profile of model {profile.model} needs it", key=f"{key}.{wanted}"
            )
        if getattr(stage, other) is not None:
            raise DefinitionError(
                file, f"has no place in a profile of model {profile.model}", key=f"{key}.{other}"
            )
        if stage.rate is not None and per_second(stage.rate) <= 0:
            problem = f'"{stage.rate}" sends nothing; expected more than 0/s'
            raise DefinitionError(file, problem, key=f"{key}.rate")
