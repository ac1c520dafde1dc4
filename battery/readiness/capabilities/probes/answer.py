"""What a target answered, as far as a probe needs to know."""

from typing import Any

import msgspec

from battery.model.frozen import Frozen
from battery.model.target import Expect

REFUSALS = frozenset({401, 403, 423, 429, 503})
LIMITED = frozenset({403, 423, 429})


class Answer(Frozen, frozen=True, kw_only=True):
    """Its status and body; no answer at all has status 0 and says why."""

    status: int
    body: bytes = b""
    trouble: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was served."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it was turned away on purpose: a server error or silence is no refusal."""
        return self.status in REFUSALS

    def at(self, path: str) -> Any:
        """What stands at a dotted path of a JSON body; none where nothing does."""
        try:
            value: Any = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        for step in path.split("."):
            value = _step(value, step)
        return value

    def is_as(self, expect: Expect) -> bool:
        """Whether it looks as somebody expects."""
        if self.status not in expect.status or expect.body_contains.encode() not in self.body:
            return False
        return all(self.at(path) == value for path, value in expect.json.items())

    def __str__(self) -> str:
        return f"HTTP {self.status}" if self.status else self.trouble


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None
