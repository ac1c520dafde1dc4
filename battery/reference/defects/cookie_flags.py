"""A session cookie that any script and any eavesdropper can read."""

from battery.reference.defects.answer_headers import Headers
from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="cookie_flags",
    title="every answer sets a session cookie without Secure, HttpOnly and SameSite",
    instrument="security",
)


def rewrite(headers: Headers) -> Headers:
    """Set it."""
    return [*headers, (b"set-cookie", b"sessionid=visitor; Path=/")]
