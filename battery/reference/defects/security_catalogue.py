"""The planted defects that a security scan must find."""

from battery.reference.defects import (
    admin_open,
    cookie_flags,
    cors_wildcard,
    debug_page,
    expired_certificate,
    expired_token,
    exposed_env,
    missing_header,
    no_lockout,
    no_rate_limit,
    other_tenant,
    secret_in_log,
    stack_trace,
    trace_on,
    weak_tls,
    wrong_role,
)
from battery.reference.defects.defect import Defect

SECURITY: tuple[Defect, ...] = (
    missing_header.DEFECT,
    cors_wildcard.DEFECT,
    cookie_flags.DEFECT,
    debug_page.DEFECT,
    stack_trace.DEFECT,
    exposed_env.DEFECT,
    admin_open.DEFECT,
    wrong_role.DEFECT,
    other_tenant.DEFECT,
    expired_token.DEFECT,
    no_rate_limit.DEFECT,
    no_lockout.DEFECT,
    trace_on.DEFECT,
    secret_in_log.DEFECT,
    weak_tls.DEFECT,
    expired_certificate.DEFECT,
)
