"""Test 2: cookies."""

from collections.abc import Iterator

from battery.scan.target.observatory.cookie import Cookie, same_site_is_invalid
from battery.scan.target.observatory.observation import Observation

# From least to most grave.
_GRAVITY = (
    "cookies-without-secure-flag-but-protected-by-hsts",
    "cookies-without-secure-flag",
    "cookies-session-without-secure-flag-but-protected-by-hsts",
    "cookies-samesite-flag-invalid",
    "cookies-anticsrf-without-samesite-flag",
    "cookies-session-without-httponly-flag",
    "cookies-session-without-secure-flag",
)
# A load balancer's cookie that no site can change.
_NOT_OURS = ("heroku-session-affinity",)


def judge_cookies(seen: Observation, *, hsts: bool) -> str:
    """The gravest defect of any cookie."""
    cookies = [cookie for cookie in seen.cookies if cookie.name not in _NOT_OURS]
    if not cookies:
        return "cookies-not-found"
    defects = {defect for cookie in cookies for defect in defects_of(cookie, hsts=hsts)}
    if any(same_site_is_invalid(header) for header in seen.answer.all("set-cookie")):
        defects.add("cookies-samesite-flag-invalid")
    if defects:
        return max(defects, key=_GRAVITY.index)
    complete = all(cookie.same_site for cookie in cookies)
    return "cookies-secure-with-httponly-sessions" + ("-and-samesite" if complete else "")


def defects_of(cookie: Cookie, *, hsts: bool) -> Iterator[str]:
    """Everything wrong with one cookie."""
    protected = "-but-protected-by-hsts" if hsts else ""
    if not cookie.secure:
        if cookie.same_site == "none":
            yield "cookies-samesite-flag-invalid"
        yield "cookies-without-secure-flag" + protected
        if cookie.is_session:
            yield "cookies-session-without-secure-flag" + protected
    if cookie.is_anti_csrf and not cookie.same_site:
        yield "cookies-anticsrf-without-samesite-flag"
    if cookie.is_session and not cookie.http_only:
        yield "cookies-session-without-httponly-flag"
