"""The scope: the hosts and ports that were named, and the path below which everything stays."""

import ipaddress
from urllib.parse import unquote, urljoin, urlsplit

from battery.errors import UsageError
from battery.model.frozen import Frozen

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_DECODINGS = 4


class Origin(Frozen, frozen=True, kw_only=True):
    """A scheme, host and port that requests may go to."""

    scheme: str
    host: str
    port: int

    @property
    def tls(self) -> bool:
        """Whether it speaks TLS."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as the Host header spells them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        """The origin as a URL without a path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address rather than a name."""
        return _address(self.host) is not None

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine by its own name for itself."""
        address = _address(self.host)
        return self.host == "localhost" or (address is not None and address.is_loopback)


class Scope(Frozen, frozen=True, kw_only=True):
    """Where requests may go. The first origin is the target; the second, if any, is its other scheme."""

    origins: tuple[Origin, ...]
    prefix: str

    @property
    def target(self) -> Origin:
        """The origin that is scanned."""
        return self.origins[0]

    def speaking(self, scheme: str) -> Origin | None:
        """The named origin of this scheme."""
        return next((origin for origin in self.origins if origin.scheme == scheme), None)

    def path(self, path: str) -> str:
        """A path below the target's own."""
        return self.prefix + path

    def problem(self, origin: Origin, path: str) -> str:
        """Why a request may not be sent; empty when it may."""
        if origin not in self.origins:
            return f"{origin.url} is not the named target {self.target.url}"
        if not path.startswith("/"):
            return "the path does not start with a slash"
        if self.prefix and not _below(path, self.prefix):
            return f"the path leaves {self.prefix}"
        return ""

    def follow(self, base: str, location: str) -> tuple[Origin | None, str]:
        """Where a redirect leads: the origin, if it is in scope, and the URL; nothing is fetched here."""
        try:
            url = urljoin(base, location.strip())
            origin = origin_of(url)
        except (ValueError, UsageError):
            return None, location.strip()
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return (None if self.problem(origin, path) else origin), url


def scope_of(url: str, other_url: str = "") -> Scope:
    """The scope that two URLs span.

    Raises: UsageError.
    """
    target = origin_of(url)
    origins = [target]
    if other_url:
        other = origin_of(other_url)
        if other.host != target.host or other.scheme == target.scheme:
            raise UsageError(f"{other_url}: expected the host of {url} under the other scheme")
        origins.append(other)
    return Scope(origins=tuple(origins), prefix=urlsplit(url).path.rstrip("/"))


def origin_of(url: str) -> Origin:
    """The origin of an absolute URL.

    Raises: UsageError.
    """
    if any(character.isspace() or not character.isprintable() for character in url):
        raise UsageError(f"{url!r} holds a space or a control character")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        name = _ascii(host or "")
    except ValueError as error:
        raise UsageError(f"{url} is not a URL: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS or not name or port == 0:
        raise UsageError(f"{url}: expected http://HOST[:PORT] or https://HOST[:PORT]")
    if parts.username is not None:
        raise UsageError("the URL holds a user name or password; send it as a header with env:NAME")
    return Origin(scheme=parts.scheme, host=name, port=port or _DEFAULT_PORTS[parts.scheme])


def _ascii(host: str) -> str:
    """The host as it is sent; a name with other letters in its ASCII spelling."""
    return host if host.isascii() else host.encode("idna").decode()


def _below(path: str, prefix: str) -> bool:
    """Whether the path stays below the prefix, however its dots are spelt."""
    plain = path.partition("?")[0]
    if not (plain == prefix or plain.startswith(prefix + "/")):
        return False
    for _ in range(_MOST_DECODINGS):
        if ".." in plain.replace("\\", "/").split("/"):
            return False
        plain = unquote(plain, errors="replace")
    return ".." not in plain.replace("\\", "/").split("/")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
