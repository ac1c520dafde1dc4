"""The headers that every answer carries."""

_SECURITY = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


def common_headers(request_id: str) -> list[tuple[bytes, bytes]]:
    """The id of the request, and what keeps a browser from doing anything with the answer but show it."""
    return [(b"x-request-id", request_id.encode()), *_SECURITY]
