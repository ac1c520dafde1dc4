"""A call to the target as a verifier: the log is sent as the body, and the answer says whether it is intact."""

from pathlib import Path
from typing import Any

import httpx
import msgspec

from battery.readiness.audit_chain.verifier import Opinion

_FIELDS = ("intact", "valid", "ok", "verified")
_REFUSALS = (409, 422)


class HttpVerifier:
    """POSTs the log to a path. An answer of 2xx has a JSON field that is true or false; 409 and 422 say broken."""

    def __init__(self, http: httpx.Client, path: str, *, field: str = "") -> None:
        self._http, self._path = http, path
        self._fields = (field,) if field else _FIELDS
        self.name = f"the target's {path}"

    def judge(self, file: Path) -> Opinion:
        """The opinion on the log in a file."""
        try:
            content = file.read_bytes()
            answer = self._http.post(
                self._path, content=content, headers={"Content-Type": "application/x-ndjson"}
            )
        except (httpx.HTTPError, OSError) as error:
            return Opinion(intact=None, said=f"the verify call gave no answer: {type(error).__name__}")
        if answer.status_code in _REFUSALS:
            return Opinion(intact=False, said=f"HTTP {answer.status_code}")
        if not answer.is_success:
            return Opinion(intact=None, said=f"the verify call answered HTTP {answer.status_code}")
        return self._told(answer)

    def _told(self, answer: httpx.Response) -> Opinion:
        try:
            value: Any = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, RecursionError):
            value = None
        for field in self._fields:
            if isinstance(value, dict) and isinstance(value.get(field), bool):
                return Opinion(intact=value[field], said=f'"{field}" is {str(value[field]).lower()}')
        expected = " or ".join(f'"{field}"' for field in self._fields)
        return Opinion(intact=None, said=f"the verify call's answer has no {expected} that is true or false")
