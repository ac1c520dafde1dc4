"""The soak: P4 for as long as the command line says."""

import msgspec

from battery.definitions.profiles import Profiles
from battery.model.definition import Definition
from battery.model.frozen import Frozen
from battery.model.profile import Profile, Shape
from battery.model.quantity import Duration, Rate, seconds

_LONGEST_WARMUP = 60.0
_WARMUP_SHARE = 0.1
_SPARE = 3600.0  # for what the run does besides


class Soak(Frozen, frozen=True, kw_only=True):
    """How long P4 lasts, and at which rate; an empty rate is P4's own."""

    duration: Duration
    rate: Rate | str = ""


def soaked(profiles: Profiles, soak: Soak) -> Profiles:
    """The profiles with P4 at full intensity as the soak wants it: one steady stage."""
    return msgspec.structs.replace(
        profiles,
        profiles=tuple(
            _lengthened(profile, soak) if profile.id == "P4" else profile for profile in profiles.profiles
        ),
    )


def with_time_for(definition: Definition, soak: Soak) -> Definition:
    """The definition with a deadline that the soak does not meet."""
    longest = max(seconds(definition.run.deadline), seconds(soak.duration) + _SPARE)
    run = msgspec.structs.replace(definition.run, deadline=f"{longest:.0f} s")
    return msgspec.structs.replace(definition, run=run)


def _lengthened(profile: Profile, soak: Soak) -> Profile:
    warmup = min(_LONGEST_WARMUP, seconds(soak.duration) * _WARMUP_SHARE)
    stage = msgspec.structs.replace(
        profile.full.stages[0], duration=soak.duration, rate=soak.rate or profile.full.stages[0].rate
    )
    full = Shape(warmup=f"{warmup:.0f} s", stages=(stage,))
    return msgspec.structs.replace(profile, full=full)
