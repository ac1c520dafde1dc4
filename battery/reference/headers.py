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


def common_headers(request_id: str, *, last: bool = False) -> list[tuple[bytes, bytes]]:
    """The id of the request, and what keeps a browser from doing anything with the answer but show it.

    With `last`, the client is told that this connection carries no further request.
    """
    return [(b"x-request-id", request_id.encode()), *_SECURITY, *(_LAST if last else ())]
