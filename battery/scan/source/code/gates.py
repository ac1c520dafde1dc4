"""The gates: which of bandit's call tests cannot match a call, told from its name and its keywords alone.

Each gate is the test's own first condition, read from bandit's source, so a test that is not run could only have
returned nothing. They are trusted only for the bandit whose source was read: see `known.py`.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from battery.model.frozen import Frozen

Test = Callable[..., Any]


class Gate(Frozen, frozen=True, kw_only=True):
    """A test can match only a call with one of these last names, a name that contains a part, or such a keyword."""

    names: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    keywords: frozenset[str] = frozenset()
    keyword_pattern: str = ""

    def opens_by_name(self, name: str) -> bool:
        """Whether a call of this name may match."""
        return name in self.names or any(part in name for part in self.parts)

    def opens_by_keyword(self, keyword: str) -> bool:
        """Whether a call with this keyword may match."""
        if keyword in self.keywords:
            return True
        return bool(self.keyword_pattern) and bool(re.search(self.keyword_pattern, keyword, re.IGNORECASE))


def _named(*names: str) -> Gate:
    return Gate(names=frozenset(names))


def _with(*keywords: str) -> Gate:
    return Gate(keywords=frozenset(keywords))


_VERBS = (
    "get",
    "options",
    "head",
    "post",
    "put",
    "patch",
    "delete",
    "request",
    "stream",
    "Client",
    "AsyncClient",
)
_SUBPROCESS = ("Popen", "call", "check_call", "check_output", "run")
_SHELL = ("system", "popen", "popen2", "popen3", "popen4", "Popen3", "Popen4", "getoutput", "getstatusoutput")
_EXEC = tuple(f"exec{end}" for end in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"))
_SPAWN = tuple(f"spawn{end}" for end in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"))
_NO_SHELL = (*_EXEC, *_SPAWN, "startfile")

GATES = {
    "B102": _named("exec"),
    "B103": Gate(parts=("chmod",)),
    "B106": Gate(keyword_pattern="pas+wo?r?d|pass|pwd|token|secret"),
    "B113": _named(*_VERBS),
    "B201": _with("debug"),
    "B202": Gate(parts=("extractall",)),
    "B324": _named("md4", "md5", "sha", "sha1", "new", "crypt", "mksalt"),
    "B501": _named(*_VERBS),
    "B502": _with("method", "ssl_version"),
    "B504": _named("wrap_socket"),
    "B505": _named("generate_private_key", "generate"),
    "B506": _named("load"),
    "B507": _named("set_missing_host_key_policy"),
    "B508": _named("CommunityData"),
    "B509": _named("UsmUserData"),
    "B601": _named("exec_command"),
    "B602": _named(*_SUBPROCESS),
    "B603": _named(*_SUBPROCESS),
    "B604": _with("shell"),
    "B605": _named(*_SHELL),
    "B606": _named(*_NO_SHELL),
    "B607": _named(*_SUBPROCESS, *_SHELL, *_NO_SHELL),
    "B609": _named(*_SUBPROCESS, *_SHELL),
    "B610": _named("extra"),
    "B611": _named("RawSQL"),
    "B612": _named("listen"),
    "B614": _named("load"),
    "B615": _named(
        "from_pretrained", "load_dataset", "hf_hub_download", "snapshot_download", "repository_id"
    ),
    "B701": _named("Environment"),
    "B702": _named("Template"),
    "B703": _named("mark_safe", "SafeText", "SafeUnicode", "SafeString", "SafeBytes"),
    "B704": _named("Markup"),
}


class CallGates:
    """bandit's call tests behind their gates; what a name or keyword opens is worked out once."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self._tests = tuple(enumerate(tests))
        self._always = tuple(number for number, test in self._tests if self._gate(test) is None)
        self.by_name = cache(self._by_name)
        self.by_keyword = cache(self._by_keyword)

    def candidates(self, name: str, keywords: Sequence[str | None]) -> Sequence[Test]:
        """The tests that may match, in bandit's order."""
        numbers = {*self._always, *self.by_name(name)}
        for keyword in keywords:
            if keyword is not None:
                numbers.update(self.by_keyword(keyword))
        return [self._tests[number][1] for number in sorted(numbers)]

    @staticmethod
    def _gate(test: Test) -> Gate | None:
        return GATES.get(getattr(test, "_test_id", ""))

    def _by_name(self, name: str) -> tuple[int, ...]:
        gates = ((number, self._gate(test)) for number, test in self._tests)
        return tuple(number for number, gate in gates if gate is not None and gate.opens_by_name(name))

    def _by_keyword(self, keyword: str) -> tuple[int, ...]:
        gates = ((number, self._gate(test)) for number, test in self._tests)
        return tuple(number for number, gate in gates if gate is not None and gate.opens_by_keyword(keyword))
