"""Every page may read every answer, with the visitor's credentials."""

from battery.reference.defects.answer_headers import Headers
from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="cors_wildcard",
    title="every answer allows every origin, with credentials",
    instrument="security",
)


def rewrite(headers: Headers) -> Headers:
    """Allow it."""
    allowed = [(b"access-control-allow-origin", b"*"), (b"access-control-allow-credentials", b"true")]
    return [*headers, *allowed]
