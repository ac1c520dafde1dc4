"""DSSE: the envelope around signed bytes, and the bytes that are really signed.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

import base64
import binascii

IN_TOTO = "application/vnd.in-toto+json"


def pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding: what a signature is made over."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def encode64(data: bytes) -> str:
    """Padded standard base64."""
    return base64.b64encode(data).decode("ascii")


def decode64(text: str) -> bytes:
    """The bytes of padded standard base64.

    Raises: ValueError for any other spelling, so that one value has one text.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(f"is not base64: {error}") from error
    if encode64(data) != text:
        raise ValueError("is not base64 in its one canonical spelling")
    return data
