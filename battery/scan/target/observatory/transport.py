"""Tests 4 and 6: the redirection to https, and Strict-Transport-Security."""

import re

from battery.scan.target.observatory.observation import Observation, preloaded, scheme_and_host

# Six months. Its own comment says that the Observatory lets 180 days pass for them, because many sites send that.
SIX_MONTHS, OBSERVATORYS_SIX_MONTHS = 15_768_000, 15_552_000
_NUMBER = re.compile(r"\s*([+-]?[0-9]+)")


def judge_redirection(seen: Observation) -> str:
    """Whether a visitor over http ends on https, and at once."""
    if seen.plain is None:
        return "redirection-not-needed-no-http"
    if not seen.plain.verified:
        return "redirection-invalid-cert"
    route = [scheme_and_host(url) for url in seen.plain.route]
    if all(preloaded(host, seen.preload) for _, host in route):
        return "redirection-all-redirects-preloaded"
    if len(route) == 1:
        return "redirection-missing"
    if route[-1][0] != "https":
        return "redirection-not-to-https"
    if route[1][0] == "http":
        return "redirection-not-to-https-on-initial-redirection"
    if route[0][1] != route[1][1]:
        return "redirection-off-host-from-http"
    return "redirection-to-https"


def judge_hsts(seen: Observation) -> str:
    """Whether browsers are told to come back over https only, and for long enough."""
    if seen.secure is None:
        return "hsts-not-implemented-no-https"
    if preloaded(seen.hostname, seen.preload):
        return "hsts-preloaded"
    if not seen.secure.verified:
        return "hsts-invalid-cert"
    header = seen.secure.answer.header("strict-transport-security")
    if header is None:
        return "hsts-not-implemented"
    return judge_hsts_value(header)


def judge_hsts_value(header: str, enough: int = OBSERVATORYS_SIX_MONTHS) -> str:
    """Judge the header alone; `enough` is how many seconds count as six months."""
    text = header[:1024]
    ages = [
        part.strip().lower()[8:128] for part in text.split(";") if part.strip().lower().startswith("max-age=")
    ]
    if "," in text or not ages:
        return "hsts-header-invalid"
    number = _NUMBER.match(ages[-1])
    # What is no number is not less than six months: so the Observatory reckons.
    if number and int(number[1]) < enough:
        return "hsts-implemented-max-age-less-than-six-months"
    return "hsts-implemented-max-age-at-least-six-months"


def hsts_passes(result: str) -> bool:
    """Whether cookies without Secure are kept from going out over http all the same."""
    return result in ("hsts-preloaded", "hsts-implemented-max-age-at-least-six-months")
