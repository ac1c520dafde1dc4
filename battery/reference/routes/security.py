"""The resources that access is made of: login, administration, tenants, guardian, audit log."""

from starlette.routing import Route

from battery.reference.access.house import HouseRules
from battery.reference.audit.trail import Audit, Trail
from battery.reference.body import BodyLimits
from battery.reference.routes.admin import AdminRoutes
from battery.reference.routes.audit import AuditRoutes
from battery.reference.routes.guardian import GuardianRoutes
from battery.reference.routes.login import LoginRoutes
from battery.reference.routes.tenants import TenantRoutes


def security_routes(house: HouseRules, audit: Audit, trail: Trail | None, limits: BodyLimits) -> list[Route]:
    """All of them; the audit log's own only where there is one."""
    return [
        *LoginRoutes(house, audit, limits).routes(),
        *AdminRoutes(house, audit).routes(),
        *TenantRoutes(house, audit, limits).routes(),
        *GuardianRoutes(house.guardian, audit, limits).routes(),
        *(AuditRoutes(trail).routes() if trail else ()),
    ]
