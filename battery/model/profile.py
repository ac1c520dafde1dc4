"""The profile: a load shape, P1..P5, at three intensities."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.quantity import Duration, Rate

ProfileId = Annotated[
    str, Meta(pattern=r"^[A-Z][A-Za-z0-9_-]*$", title="profile id", description='an id such as "P1"')
]
Users = Annotated[int, Meta(ge=1, title="users", description="a whole number of at least 1")]


class Stage(Frozen, frozen=True, kw_only=True):
    """One part of a shape: a duration at a rate (open) or with a number of users (closed)."""

    name: str
    duration: Duration
    rate: Rate | None = None
    users: Users | None = None
    ramp: Literal["step", "linear"] = "step"


class Shape(Frozen, frozen=True, kw_only=True):
    """The stages of one intensity, after a warm-up that no verdict counts."""

    warmup: Duration = "0 s"
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]


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
