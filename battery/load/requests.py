"""Requests: an endpoint of battery.toml as the bytes that are sent, built once."""

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


class Address(Frozen, frozen=True, kw_only=True):
    """Where requests go: the URL's host and port, with the path that every endpoint's path is appended to."""

    host: str
    port: int
    tls: bool
    authority: str
    prefix: str


def address(url: str) -> Address:
    """The address in a URL. Its path goes before every endpoint's path; a query or fragment is refused.

    Raises: UsageError.
    """
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise UsageError(
            f"{url}: a query or fragment has no place here; put it into an endpoint's path in battery.toml"
        )
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise UsageError(f"{url}: expected http://HOST[:PORT] or https://HOST[:PORT]")
    default = _DEFAULT_PORTS[parts.scheme]
    port = parts.port or default
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Address(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "https",
        authority=host if port == default else f"{host}:{port}",
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
    headers = {
        "Host": where.authority,
        "User-Agent": "hardening-battery",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    headers |= {name: resolve(value, environ) for name, value in {**common, **endpoint.headers}.items()}
    if body:
        headers.setdefault("Content-Type", "application/json")
    if body or endpoint.method in ("POST", "PUT", "PATCH"):
        headers["Content-Length"] = str(len(body))
    lines = [f"{endpoint.method} {quote(where.prefix + endpoint.path, safe=_SAFE)} HTTP/1.1"]
    for name, value in headers.items():
        if any(mark in name + value for mark in "\r\n\0"):
            raise UsageError(f"endpoint {endpoint.name}: header {name} holds a line break")
        lines.append(f"{name}: {value}")
    return JobEndpoint(
        name=endpoint.name,
        weight_class=endpoint.weight_class,
        weight=endpoint.weight,
        method=endpoint.method,
        request="\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body,
        status=endpoint.expect.status,
        body_contains=endpoint.expect.body_contains.encode(),
    )
