"""Whoever has any token is an administrator."""

import msgspec

from battery.reference.access.policy import Demand, Policy
from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="wrong_role", title="what needs an administrator is open to every role", instrument="security"
)


def spoiled(policy: Policy) -> Policy:
    """The policy that asks for a token and never looks at its role."""

    def demanded(method: str, path: str) -> Demand:
        demand = policy(method, path)
        return msgspec.structs.replace(demand, role="reader") if demand.role else demand

    return demanded
