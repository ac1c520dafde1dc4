"""The hash of one record, as a description says."""

import base64
import hashlib
import json
from typing import Any

from battery.readiness.audit_chain.description import ChainDescription


def hash_of(record: dict[str, Any], previous: str, description: ChainDescription) -> str:
    """The hash that the record must hold. `previous` is the hash before, where it does not stand in the hashed fields."""
    body = _serialised(_hashed(record, description), description)
    before = previous.encode()
    separator = description.separator.encode()
    if description.previous == "before":
        body = before + separator + body
    elif description.previous == "after":
        body = body + separator + before
    digest = _digest(body, description.algorithm)
    told = digest.hex() if description.encoding == "hex" else base64.b64encode(digest).decode()
    return description.prefix + told


def _hashed(record: dict[str, Any], description: ChainDescription) -> dict[str, Any]:
    outside = {description.hash_field, *description.excluded}
    if description.previous != "record":
        outside.add(description.previous_field)
    names = description.fields or tuple(record)
    return {name: record.get(name) for name in names if name not in outside}


def _serialised(chosen: dict[str, Any], description: ChainDescription) -> bytes:
    if description.serialisation == "rfc8785":
        import rfc8785

        return rfc8785.dumps(chosen)
    if description.serialisation == "values":
        return description.separator.join(_plain(value) for value in chosen.values()).encode()
    spaced = description.serialisation.endswith("-spaced")
    text = json.dumps(
        chosen,
        sort_keys=description.serialisation.startswith("sorted"),
        separators=(", ", ": ") if spaced else (",", ":"),
        ensure_ascii=description.ascii,
    )
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))


def _digest(body: bytes, algorithm: str) -> bytes:
    if algorithm == "sha1":
        return hashlib.sha1(body, usedforsecurity=False).digest()
    return hashlib.new(algorithm, body).digest()
