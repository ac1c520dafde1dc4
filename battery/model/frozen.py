"""The base of every noun: immutable, and strict about keys it does not know."""

import msgspec


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that is decoded strictly and never changes. Subclasses repeat `frozen=True, kw_only=True`: type checkers and msgspec do not inherit them."""
