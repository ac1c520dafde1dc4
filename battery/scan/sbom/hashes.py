"""Hashes as lock files write them: checked, and all in the form `algorithm:hex`."""

import base64
import re

from battery.scan.sbom.unreadable import SourceUnreadable, shown

_HEX_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[0-9a-fA-F]+\Z")


def checked(text: str, place: str = "") -> str:
    """The hash in `text`, which reads `algorithm:hex`. Raises: SourceUnreadable for one that cannot be."""
    algorithm, found, digest = text.strip().partition(":")
    expected = _HEX_DIGITS.get(algorithm.lower())
    if not found or expected is None:
        known = ", ".join(_HEX_DIGITS)
        raise SourceUnreadable(f"{shown(text)!r} is no hash of a known kind ({known})", place=place)
    if len(digest) != expected or not _HEX.match(digest):
        raise SourceUnreadable(
            f"the {algorithm} hash {shown(digest)!r} is not {expected} hex digits", place=place
        )
    return f"{algorithm.lower()}:{digest.lower()}"


def from_integrity(text: str, place: str = "") -> tuple[str, ...]:
    """The hashes of a subresource integrity text such as `sha512-…`. Raises: SourceUnreadable."""
    found = []
    for part in text.split():
        algorithm, _, encoded = part.partition("?")[0].partition("-")
        try:
            digest = base64.b64decode(encoded, validate=True).hex()
        except ValueError as error:
            raise SourceUnreadable(f"{shown(part)!r} is no integrity hash", place=place) from error
        found.append(checked(f"{algorithm}:{digest}", place))
    return tuple(found)
