"""The policy: what a request needs before anybody looks at it. What is not named here is the strictest it can be."""

from collections.abc import Callable

import msgspec

from battery.reference.access.caller import Role

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# What a resource may have a handler for.
KNOWN_METHODS = frozenset({*_READS, "POST", "PUT", "PATCH", "DELETE"})


class Demand(msgspec.Struct, frozen=True):
    """The role that is needed, None where anybody may; `always`: also where no token is configured.

    `counted`: it comes out of the caller's quota. `change`: a lockdown refuses it.
    """

    role: Role | None = None
    always: bool = False
    counted: bool = True
    change: bool = False


Policy = Callable[[str, str], Demand]
_PUBLIC_READ, _WRITE = Demand(), Demand("writer", change=True)
_ADMIN_READ, _ADMIN_CHANGE = Demand("admin", always=True), Demand("admin", always=True, change=True)
# The way out of a lockdown.
_GUARDIAN = Demand("admin", always=True)
_TENANT_READ, _TENANT_WRITE = Demand("reader", always=True), Demand("writer", always=True, change=True)
# Guarded by the lockout instead of the quota, and open in a lockdown: an administrator has to come in.
_LOGIN = Demand(counted=False)


def spared(path: str) -> bool:
    """Whether nothing is asked and nothing counted: who watches the service must always hear from it."""
    return path.startswith("/api/health/") or path == "/metrics"


def demanded(method: str, path: str) -> Demand:
    """What a request needs."""
    if path in ("/api/login", "/api/logout"):
        return _LOGIN
    reads = method in _READS
    if _below(path, "/api/guardian"):
        return _PUBLIC_READ if reads and path == "/api/guardian" else _GUARDIAN
    if _below(path, "/api/admin"):
        return _ADMIN_READ if reads else _ADMIN_CHANGE
    if _below(path, "/api/audit"):
        # To verify a log that is sent along changes nothing.
        return _ADMIN_READ
    if _below(path, "/api/tenants"):
        return _TENANT_READ if reads else _TENANT_WRITE
    return _PUBLIC_READ if reads else _WRITE


def _below(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")
