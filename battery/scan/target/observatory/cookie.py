"""Cookies as a browser keeps them: what it refuses is not there to be judged."""

import ipaddress
from collections.abc import Iterable

from battery.model.frozen import Frozen

_SAME_SITE = ("strict", "lax", "none")


class Cookie(Frozen, frozen=True, kw_only=True):
    """One kept cookie."""

    name: str
    value: str
    domain: str
    path: str
    secure: bool = False
    http_only: bool = False
    same_site: str = ""

    @property
    def is_session(self) -> bool:
        """Whether its name says that it stands for a login."""
        return any(word in self.name.lower() for word in ("login", "sess"))

    @property
    def is_anti_csrf(self) -> bool:
        """Whether its name says that it guards forms."""
        return "csrf" in self.name.lower()


class Jar:
    """Keeps cookies by domain, path and name; a later one replaces an earlier one."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def take(self, headers: Iterable[str], host: str, path: str) -> None:
        """Keep what an answer of this host and path sets."""
        for header in headers:
            cookie = parsed(header, host, path)
            if cookie is not None:
                self._kept[cookie.domain, cookie.path, cookie.name] = cookie

    def cookies(self) -> tuple[Cookie, ...]:
        """All that were kept."""
        return tuple(self._kept.values())

    def header(self) -> str:
        """The cookies as a request sends them back."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._kept.values())


def parsed(header: str, host: str, path: str) -> Cookie | None:
    """The cookie in a Set-Cookie header, or None when a browser would not keep it.

    https://www.rfc-editor.org/rfc/rfc6265#section-5.2
    """
    pair, _, rest = header.strip().partition(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or any(ord(character) < 32 for character in name + value):
        return None
    attributes = _attributes(rest)
    domain = attributes.get("domain", "").removeprefix(".").lower()
    if domain and not _may_set(host, domain):
        return None
    own_path = attributes.get("path", "")
    same_site = attributes.get("samesite", "").lower()
    cookie = Cookie(
        name=name,
        value=value,
        domain=domain or host,
        path=own_path if own_path.startswith("/") else _default_path(path),
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        same_site=same_site if same_site in _SAME_SITE else "",
    )
    return cookie if _prefix_holds(cookie, host_only=not domain) else None


def same_site_is_invalid(header: str) -> bool:
    """Whether a Set-Cookie header names a SameSite that does not exist."""
    for part in header.strip().split(";"):
        key, _, value = part.strip().partition("=")
        if key.strip().lower() == "samesite" and value.partition("=")[0].strip().lower() not in _SAME_SITE:
            return True
    return False


def _attributes(text: str) -> dict[str, str]:
    """Attributes by name in lower case; the last of a kind counts."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        key, _, value = part.strip().partition("=")
        key, value = key.strip().lower(), value.strip()
        if key and not (key == "domain" and not value):
            found[key] = value
    return found


def _may_set(host: str, domain: str) -> bool:
    """Whether the host may set a cookie for the domain: its own or one above, and no whole top-level domain."""
    if _is_address(host) or "." not in domain:
        return False
    return host == domain or host.endswith("." + domain)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _default_path(path: str) -> str:
    """The folder of the request's path."""
    folder = path.partition("?")[0].rpartition("/")[0]
    return folder if folder.startswith("/") else "/"


def _prefix_holds(cookie: Cookie, *, host_only: bool) -> bool:
    """Whether the promises in a name with __Secure- or __Host- are kept."""
    if cookie.name.startswith("__Secure-"):
        return cookie.secure
    if cookie.name.startswith("__Host-"):
        return cookie.secure and host_only and cookie.path == "/"
    return True
