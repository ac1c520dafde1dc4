"""The policy: what a verifier demands of a certificate beyond a good signature."""

from typing import Annotated

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.gate import LevelId
from battery.model.quantity import Duration


class Policy(Frozen, frozen=True, kw_only=True):
    """policy.toml. What it does not mention is judged by the verifier's own shipped gates."""

    level: LevelId | None = None
    max_age: Duration | None = None
    resource_uri: str | None = None
    environment: str | None = None
    nonce: str | None = None
    waivers_allowed: Annotated[int, Meta(ge=0)] | None = None
    loosened_allowed: tuple[str, ...] = ()
    limit: dict[str, float] = {}
    evidence_required: bool = False
