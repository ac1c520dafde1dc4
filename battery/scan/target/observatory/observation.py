"""What the ten tests judge: a page, how it was reached, its cookies, and a preflight answer."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from battery.model.frozen import Frozen
from battery.scan.target.answer import Answer
from battery.scan.target.observatory.cookie import Cookie
from battery.scan.target.observatory.page import Page


class Reached(Frozen, frozen=True, kw_only=True):
    """The last answer under one scheme, the URLs on the way to it, and whether its certificate was trusted."""

    answer: Answer
    route: tuple[str, ...]
    verified: bool = True


class Observation(Frozen, frozen=True, kw_only=True):
    """One look at a site. `https` says which scheme the page was asked for with."""

    hostname: str
    https: bool
    answer: Answer
    page: Page
    plain: Reached | None
    secure: Reached | None
    cookies: tuple[Cookie, ...] = ()
    preflight: Answer | None = None
    origin: str = ""
    preload: dict[str, bool] = {}


def preloaded(host: str, preload: Mapping[str, bool]) -> bool:
    """Whether browsers know without asking that the host speaks https only."""
    if host in preload:
        return True
    labels = host.split(".")
    return any(preload.get(".".join(labels[start:]), False) for start in range(1, len(labels)))


def scheme_and_host(url: str) -> tuple[str, str]:
    """Scheme and host of a URL; empty for what a target only calls one."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""
