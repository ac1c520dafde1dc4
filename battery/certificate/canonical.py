"""RFC 8785 canonical JSON: the one spelling of a value that is signed."""

from typing import Any

import msgspec
import rfc8785


class NotCanonical(ValueError):
    """The value has no canonical form."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of a struct or of plain JSON values.

    Raises: NotCanonical for numbers or text that RFC 8785 cannot spell.
    """
    try:
        return rfc8785.dumps(msgspec.to_builtins(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NotCanonical(f"has no canonical form: {error}") from error
