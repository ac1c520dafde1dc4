"""The name of an XML document's root element, read from its first bytes."""

import re

_BEFORE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->|<![A-Z][^>\[]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL
)
_NAME = re.compile(rb"<([A-Za-z_][\w.-]*)")


def root_element(head: bytes) -> bytes:
    """The root's name; empty when these bytes do not begin an XML document."""
    before = _BEFORE.match(head)
    found = _NAME.match(head, before.end() if before else 0)
    return found[1] if found else b""
