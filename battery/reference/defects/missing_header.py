"""Answers without the header that keeps browsers from guessing what they are."""

from battery.reference.defects.answer_headers import Headers
from battery.reference.defects.defect import Defect

DEFECT = Defect(name="missing_header", title="no answer has X-Content-Type-Options", instrument="security")


def rewrite(headers: Headers) -> Headers:
    """Take it away."""
    return [(name, value) for name, value in headers if name.lower() != b"x-content-type-options"]
