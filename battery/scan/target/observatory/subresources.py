"""Test 7: subresource integrity of scripts from elsewhere."""

import ipaddress
import re
from urllib.parse import urljoin, urlsplit

from battery.scan.target.observatory.observation import Observation
from battery.scan.target.observatory.page import Page

_PREFIX = "sri-"
# From least to most grave; good news stands only where nothing else does.
_GRAVITY = (
    "implemented-but-external-scripts-not-loaded-securely",
    "not-implemented-but-external-scripts-loaded-securely",
    "not-implemented-and-external-scripts-not-loaded-securely",
)
_ABSOLUTE = re.compile(r"[\x00-\x20]*https?:", re.IGNORECASE)
# Registries sell names below these in many countries. The whole list is the Public Suffix List; this part of it
# decides nothing but whether a script comes from the same site.
_SECOND_LEVEL = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "nom", "or", "org")
)


def judge_scripts(seen: Observation) -> str:
    """The gravest defect of any script that comes from elsewhere."""
    if (seen.answer.header("content-type") or "").partition(";")[0] not in (
        "text/html",
        "application/xhtml+xml",
    ):
        return "sri-not-implemented-response-not-html"
    page = seen.page
    if not page.scripts:
        return "sri-not-implemented-but-no-scripts-loaded"
    defects: list[str] = []
    foreign = bonus = False
    for script in page.scripts:
        if not script.source:
            continue
        source = _resolved(script.source, page)
        similar, secure = _origin_of(source, seen)
        if similar:
            # A bonus counts only before the first defect.
            bonus = bonus or bool(script.integrity and secure and not defects)
            continue
        foreign = True
        if not script.integrity:
            defects.append(_GRAVITY[1 if secure else 2])
        elif not secure:
            defects.append(_GRAVITY[0])
    return _PREFIX + _worst(defects, foreign=foreign, bonus=bonus)


def _worst(defects: list[str], *, foreign: bool, bonus: bool) -> str:
    if defects:
        return max(defects, key=_GRAVITY.index)
    if bonus:
        return "implemented-and-all-scripts-loaded-securely"
    if foreign:
        return "implemented-and-external-scripts-loaded-securely"
    return "not-implemented-but-all-scripts-loaded-from-secure-origin"


def _resolved(source: str, page: Page) -> str:
    """The source as a browser without an address of its own resolves it: only against the page's base."""
    if _ABSOLUTE.match(source):
        return source.strip()
    if _ABSOLUTE.match(page.base):
        return urljoin(page.base.strip(), source.strip())
    return source


def _origin_of(source: str, seen: Observation) -> tuple[bool, bool]:
    """Whether it comes from the same site, and whether it is loaded securely."""
    if re.match(r"//[^/]", source):
        return False, False
    try:
        parts = urlsplit(source)
    except ValueError:
        return True, seen.https
    if parts.scheme not in ("http", "https"):
        return True, seen.https
    return _site(parts.hostname or "") == _site(seen.hostname), parts.scheme == "https"


def _site(host: str) -> str:
    """The part of a name that one owner registered; empty for addresses and single words."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.lower().rstrip(".").split(".")
    else:
        return ""
    country_registry = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if country_registry else labels[-2:]) if len(labels) > 1 else ""
