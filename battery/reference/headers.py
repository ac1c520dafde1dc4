"""The headers that every answer carries."""

_SECURITY = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


_LAST = ((b"connection", b"close"),)
# A year, for every name below this one.
_OVER_TLS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)


def common_headers(request_id: str, *, last: bool = False, tls: bool = False) -> list[tuple[bytes, bytes]]:
    """The id of the request, and what keeps a browser from doing anything with the answer but show it.

    With `last`, the client is told that this connection carries no further request; over TLS, that plain HTTP is over.
    """
    extra = (*(_LAST if last else ()), *(_OVER_TLS if tls else ()))
    return [(b"x-request-id", request_id.encode()), *_SECURITY, *extra]
