"""The administration, open to everybody."""

import msgspec

from battery.reference.access.policy import Demand, Policy
from battery.reference.defects.defect import Defect

DEFECT = Defect(name="admin_open", title="/api/admin asks for no token", instrument="security")


def spoiled(policy: Policy) -> Policy:
    """The policy without that demand."""

    def demanded(method: str, path: str) -> Demand:
        demand = policy(method, path)
        if path == "/api/admin" or path.startswith("/api/admin/"):
            return msgspec.structs.replace(demand, role=None)
        return demand

    return demanded
