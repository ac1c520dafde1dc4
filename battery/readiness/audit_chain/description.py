"""How a chain is made: which fields hold the hashes, and over which bytes each hash goes."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.model.frozen import Frozen

Algorithm = Literal["sha256", "sha384", "sha512", "sha1", "sha3_256", "blake2b"]
Serialisation = Literal["sorted", "sorted-spaced", "as-written", "as-written-spaced", "rfc8785", "values"]
Place = Literal["record", "before", "after", "none"]
_Field = Annotated[str, Meta(min_length=1, max_length=100)]


class ChainDescription(Frozen, frozen=True, kw_only=True):
    """How a hash is computed.

    `serialisation` turns the hashed fields into bytes: JSON with its keys sorted or as written, compact or spaced, by
    RFC 8785, or the values joined. `previous` says where the hash before goes: it is one of the record's hashed
    fields, stands before or after the bytes with `separator` between them, or is not hashed at all.
    `fields` are the hashed fields in their order; none means all except the hash itself and what is excluded.
    `start` is the previous hash of the first record.
    """

    hash_field: _Field
    previous_field: _Field
    algorithm: Algorithm = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    serialisation: Serialisation = "sorted"
    ascii: bool = True
    previous: Place = "record"
    separator: str = ""
    fields: tuple[_Field, ...] = ()
    excluded: tuple[_Field, ...] = ()
    start: str | None = None
    sequence_field: str = ""
    """A field that counts the records up by one, where there is one."""

    def __str__(self) -> str:
        where = {
            "record": f"with {self.previous_field} inside",
            "before": f"behind {self.previous_field}",
            "after": f"before {self.previous_field}",
            "none": f"without {self.previous_field}",
        }[self.previous]
        what = ", ".join(self.fields) or "every field"
        return f"{self.hash_field} = {self.algorithm} over {what} ({self.serialisation} JSON) {where}"
