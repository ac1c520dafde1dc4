"""Tests 3, 5, 8, 9 and 10: those that read one header each."""

from battery.scan.target.observatory.observation import Observation

_PRIVATE = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
_UNSAFE = ("origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade")


def judge_cors(seen: Observation) -> str:
    """Cross-origin resource sharing, as the preflight answer grants it."""
    prefix = "cross-origin-resource-sharing-"
    allowed = seen.preflight.header("access-control-allow-origin") if seen.preflight else None
    if seen.preflight is None or not allowed:
        return prefix + "not-implemented"
    if allowed[:256].strip() == "*":
        return prefix + "implemented-with-public-access"
    credentials = seen.preflight.header("access-control-allow-credentials") or ""
    if seen.origin and allowed == seen.origin and credentials.lower().strip() == "true":
        return prefix + "implemented-with-universal-access"
    return prefix + "implemented-with-restricted-access"


def judge_referrer(seen: Observation) -> str:
    """Referrer-Policy; the last value that is known counts, and the page's after the header's."""
    header = seen.answer.header("referrer-policy")
    values = [*(() if header is None else (header,)), *seen.page.referrer]
    if not values:
        return "referrer-policy-not-implemented"
    words = [word.strip().lower() for word in ", ".join(values).split(",")]
    known = [word for word in words if word in (*_PRIVATE, *_UNSAFE)]
    if not known:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if known[-1] in _PRIVATE else "referrer-policy-unsafe"


def judge_content_type_options(seen: Observation) -> str:
    """X-Content-Type-Options."""
    header = seen.answer.header("x-content-type-options")
    if not header:
        return "x-content-type-options-not-implemented"
    good = header[:256].strip().lower() == "nosniff"
    return "x-content-type-options-nosniff" if good else "x-content-type-options-header-invalid"


def judge_frame_options(seen: Observation, *, policy_frames: bool) -> str:
    """X-Frame-Options, or frame-ancestors in the policy instead."""
    if policy_frames:
        return "x-frame-options-implemented-via-csp"
    header = seen.answer.header("x-frame-options")
    if not header:
        return "x-frame-options-not-implemented"
    value = header[:1024].strip().lower()
    if value in ("deny", "sameorigin"):
        return "x-frame-options-sameorigin-or-deny"
    allows = value.startswith("allow-from")
    return "x-frame-options-allow-from-origin" if allows else "x-frame-options-header-invalid"


def judge_resource_policy(seen: Observation) -> str:
    """Cross-Origin-Resource-Policy."""
    value = (seen.answer.header("cross-origin-resource-policy") or "")[:256].strip().lower()
    if not value:
        return "corp-not-implemented"
    known = value in ("same-site", "same-origin", "cross-origin")
    return f"corp-implemented-with-{value}" if known else "corp-header-invalid"
