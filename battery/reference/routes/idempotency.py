"""The key by which a client marks its retries."""

import re

from starlette.requests import Request

from battery.reference.problems import Problem

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def idempotency_key(request: Request) -> str | None:
    """What `Idempotency-Key` says, if it is there.

    Raises: Problem 400 when it is no key.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Problem(400, "Idempotency-Key must be 1 to 128 visible ASCII characters")
    return key
