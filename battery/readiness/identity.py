"""The target's identity: what it says about which build is being served."""

import httpx
import msgspec

from battery.model.target import Identity

_LONGEST = 200


def read_identity(http: httpx.Client, identity: Identity | None) -> str:
    """The identity that the target states, or nothing where it states none.

    Raises: httpx.TransportError when the target does not answer.
    """
    if identity is None:
        return ""
    answer = http.get(identity.path)
    if answer.status_code != httpx.codes.OK:
        return ""
    if not identity.json:
        return answer.text.strip()[:_LONGEST]
    try:
        value = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        return ""
    for step in identity.json.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return str(value)[:_LONGEST] if value is not None else ""
