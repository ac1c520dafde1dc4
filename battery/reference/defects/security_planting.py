"""Putting the defects of security where they belong."""

from collections.abc import Callable, Collection

import msgspec
from starlette.types import ASGIApp

from battery.reference.access.house import HouseRules
from battery.reference.defects import (
    admin_open,
    cookie_flags,
    cors_wildcard,
    debug_page,
    expired_token,
    exposed_env,
    missing_header,
    no_lockout,
    no_rate_limit,
    other_tenant,
    secret_in_log,
    stack_trace,
    trace_on,
    wrong_role,
)
from battery.reference.defects.answer_headers import Rewriting
from battery.reference.defects.refused_answer import Crashing

_WRAPPINGS: tuple[tuple[str, Callable[[ASGIApp], ASGIApp]], ...] = (
    (debug_page.DEFECT.name, lambda app: Crashing(app, debug_page.crash)),
    (stack_trace.DEFECT.name, lambda app: Crashing(app, stack_trace.crash)),
    (exposed_env.DEFECT.name, exposed_env.ServingSettings),
    (trace_on.DEFECT.name, trace_on.Echoing),
    (secret_in_log.DEFECT.name, secret_in_log.LoggingTokens),
)
_REWRITINGS = (
    (missing_header.DEFECT.name, missing_header.rewrite),
    (cors_wildcard.DEFECT.name, cors_wildcard.rewrite),
    (cookie_flags.DEFECT.name, cookie_flags.rewrite),
)


def spoil_requests(app: ASGIApp, names: Collection[str]) -> ASGIApp:
    """`app`, guard and all, with the defects of what it answers."""
    for name, wrap in _WRAPPINGS:
        if name in names:
            app = wrap(app)
    return app


def spoil_headers(app: ASGIApp, names: Collection[str]) -> ASGIApp:
    """The whole service with the defects of its headers."""
    for name, rewrite in _REWRITINGS:
        if name in names:
            app = Rewriting(app, rewrite)
    return app


def spoil_house(house: HouseRules, names: Collection[str]) -> HouseRules:
    """The house rules with their defects."""
    if admin_open.DEFECT.name in names:
        house = msgspec.structs.replace(house, policy=admin_open.spoiled(house.policy))
    if wrong_role.DEFECT.name in names:
        house = msgspec.structs.replace(house, policy=wrong_role.spoiled(house.policy))
    if other_tenant.DEFECT.name in names:
        house = msgspec.structs.replace(house, strict_tenants=False)
    if no_rate_limit.DEFECT.name in names:
        house = msgspec.structs.replace(house, anonymous=None)
    if no_lockout.DEFECT.name in names:
        house = msgspec.structs.replace(house, lockout=no_lockout.NoLockout())
    if expired_token.DEFECT.name in names:
        house.tokens.clock = expired_token.no_time_passes
    return house
