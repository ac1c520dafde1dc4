"""The policy: what a verifier demands of a certificate beyond a good signature."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.quantity import Duration

DemandedLevel = Literal["gold", "silver", "bronze"]


class Policy(Frozen, frozen=True, kw_only=True):
    """policy.toml. What it does not mention is judged by the verifier's own shipped gates.

    `loosened_allowed` names rules that may be weaker than the verifier's, or absent; `limit` sets the
    verifier's own limit for a rule; `shipped_profiles` refuses load profiles that are not byte for byte
    the verifier's.
    """

    level: DemandedLevel | None = None
    max_age: Duration | None = None
    resource_uri: str | None = None
    environment: str | None = None
    nonce: str | None = None
    waivers_allowed: Annotated[int, Meta(ge=0)] | None = None
    loosened_allowed: tuple[str, ...] = ()
    limit: dict[str, float] = {}
    evidence_required: bool = False
    shipped_profiles: bool = False
