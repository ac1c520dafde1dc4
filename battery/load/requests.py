"""Requests: an endpoint of battery.toml as the bytes that are sent, built once."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from battery.errors import UsageError
from battery.load.job import JobEndpoint
from battery.model.definition import Definition
from battery.model.frozen import Frozen
from battery.model.target import Endpoint
from battery.redaction import resolve

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "/?&=%:@!$'()*+,;~-._[]"
# https://www.rfc-editor.org/rfc/rfc9110#section-5: a name is a token, a value has no control characters but the tab.
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# The framing is the instrument's own: a request that lies about its length measures nothing.
_OURS = ("content-length", "transfer-encoding")


class Address(Frozen, frozen=True, kw_only=True):
    """Where requests go: the URL's host and port, with the path that every endpoint's path is appended to."""

    host: str
    port: int
    tls: bool
    authority: str
    prefix: str

    @property
    def server_name(self) -> str:
        """What the target is called, also where it is reached at another address: the name on its certificate."""
        name = self.authority.rpartition("]")[0].lstrip("[") or self.authority.partition(":")[0]
        return name or self.host


def address(url: str) -> Address:
    """The address in a URL. Its path goes before every endpoint's path; a query, fragment or password is refused.

    Raises: UsageError.
    """
    try:
        parts = urlsplit(url)
        port, hostname = parts.port, parts.hostname
    except ValueError as error:
        raise UsageError(f"{url}: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS or not hostname or port == 0:
        raise UsageError(f"{url}: expected http://HOST[:PORT] or https://HOST[:PORT]")
    if parts.username is not None:
        # The URL is not repeated: it holds a secret.
        raise UsageError("the target's URL holds a user name or password; send it as a header with env:NAME")
    if "?" in url or "#" in url:
        raise UsageError(
            f"{url}: a query or fragment has no place here; put it into an endpoint's path in battery.toml"
        )
    host = _ascii(hostname)
    # A zone (fe80::1%eth0) names an interface of this machine; it is no part of what the target is called.
    name = f"[{host.partition('%')[0]}]" if ":" in host else host
    default = _DEFAULT_PORTS[parts.scheme]
    return Address(
        host=host,
        port=port or default,
        tls=parts.scheme == "https",
        authority=name if port in (None, default) else f"{name}:{port}",
        prefix=parts.path.rstrip("/"),
    )


def endpoints_of(definition: Definition, environ: Mapping[str, str]) -> tuple[JobEndpoint, ...]:
    """Every endpoint as a request; the ready or live path where battery.toml names no endpoint.

    Raises: UsageError when a header refers to a variable that is not set, or cannot be a header.
    """
    target = definition.target
    where = address(target.url)
    chosen = definition.endpoint or (Endpoint(name="target", path=target.ready or target.live or "/"),)
    return tuple(_endpoint(endpoint, where, target.headers, environ) for endpoint in chosen)


def _endpoint(
    endpoint: Endpoint, where: Address, common: Mapping[str, str], environ: Mapping[str, str]
) -> JobEndpoint:
    body = endpoint.body.encode()
    fields = {
        "Host": where.authority,
        "User-Agent": "hardening-battery",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    if body:
        fields["Content-Type"] = "application/json"
    for name, value in {**common, **endpoint.headers}.items():
        _set(fields, name, _checked(endpoint.name, name, resolve(value, environ)))
    if body or endpoint.method in ("POST", "PUT", "PATCH"):
        fields["Content-Length"] = str(len(body))
    lines = [f"{endpoint.method} {quote(where.prefix + endpoint.path, safe=_SAFE)} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return JobEndpoint(
        name=endpoint.name,
        weight_class=endpoint.weight_class,
        weight=endpoint.weight,
        method=endpoint.method,
        request="\r\n".join([*lines, "", ""]).encode("latin-1") + body,
        status=endpoint.expect.status,
        body_contains=endpoint.expect.body_contains.encode(),
        json=endpoint.expect.json,
    )


def _set(fields: dict[str, str], name: str, value: str) -> None:
    """Header names know no case: what the user sets replaces what stands there."""
    there = next((known for known in fields if known.lower() == name.lower()), name)
    fields[there] = value


def _checked(endpoint: str, name: str, value: str) -> str:
    """The value, if name and value can be a header.

    Raises: UsageError; the value is not repeated, it may be a secret.
    """
    if not _FIELD_NAME.fullmatch(name):
        raise UsageError(f"endpoint {endpoint}: {name!r} cannot be the name of a header")
    if name.lower() in _OURS:
        raise UsageError(f"endpoint {endpoint}: header {name} is set by the battery")
    if not _FIELD_VALUE.fullmatch(value):
        raise UsageError(
            f"endpoint {endpoint}: header {name} holds a line break or another character that no header may hold"
        )
    return value


def _ascii(hostname: str) -> str:
    try:
        return hostname.encode("idna").decode() if not hostname.isascii() else hostname
    except UnicodeError as error:
        raise UsageError(f"{hostname} cannot be a host name") from error
