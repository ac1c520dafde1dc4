"""The profile: a load shape, P1..P5, at three intensities."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.quantity import Duration, Rate, seconds

ProfileId = Annotated[
    str,
    Meta(pattern=r"^[A-Z][A-Za-z0-9_-]{0,39}$(?!\n)", title="profile id", description='an id such as "P1"'),
]
Users = Annotated[
    int, Meta(ge=1, le=1_000_000, title="users", description="a whole number from 1 to 1000000")
]


class Stage(Frozen, frozen=True, kw_only=True):
    """One part of a shape: a duration at a rate (open) or with a number of users (closed)."""

    name: Annotated[str, Meta(min_length=1)]
    duration: Duration
    rate: Rate | None = None
    users: Users | None = None
    ramp: Literal["step", "linear"] = "step"


class Shape(Frozen, frozen=True, kw_only=True):
    """The stages of one intensity, after a warm-up that no verdict counts."""

    warmup: Duration = "0 s"
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]

    @property
    def seconds(self) -> float:
        """How long warm-up and stages take together."""
        return seconds(self.warmup) + sum(seconds(stage.duration) for stage in self.stages)


class Profile(Frozen, frozen=True, kw_only=True):
    """A load shape at three intensities."""

    id: ProfileId
    title: str
    why: str
    model: Literal["open", "closed"]
    arrivals: Literal["poisson", "constant"] = "poisson"
    smoke: Shape
    standard: Shape
    full: Shape
