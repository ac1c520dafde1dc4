"""The gates of bandit's string tests: their first conditions, told from the string and its parent alone."""

import ast
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

Test = Callable[..., Any]
# As in bandit's general_hardcoded_password, which known.py pins.
_PASSWORD = re.compile(
    r"(^{0}$|_{0}_|^{0}_|_{0}$)".format("(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)"), re.IGNORECASE
)
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - what is looked for, not where anything is written


@cache
def names_a_password(name: str) -> bool:
    """Whether bandit takes this for the name of a password."""
    return bool(_PASSWORD.search(name))


def _all_interfaces(node: ast.Constant, _parent: ast.AST) -> bool:
    return bool(node.value == "0.0.0.0")  # noqa: S104 - what is looked for, not what is bound


def _temporary(node: ast.Constant, _parent: ast.AST) -> bool:
    return str(node.value).startswith(_TEMPORARY)


def _password(node: ast.Constant, parent: ast.AST) -> bool:
    if isinstance(parent, ast.Assign):
        names = (getattr(target, "id", None) or getattr(target, "attr", None) for target in parent.targets)
        return any(name is not None and names_a_password(name) for name in names)
    if isinstance(parent, ast.Compare):
        name = getattr(parent.left, "id", None) or getattr(parent.left, "attr", None)
        return name is not None and names_a_password(name)
    return isinstance(parent, (ast.Dict, ast.Subscript)) and names_a_password(str(node.value))


def _sql(_node: ast.Constant, parent: ast.AST) -> bool:
    if isinstance(parent, ast.Attribute):
        return parent.attr in ("format", "replace")
    return isinstance(parent, (ast.BinOp, ast.JoinedStr))


_GATES = {"B104": _all_interfaces, "B105": _password, "B108": _temporary, "B608": _sql}


class StringGates:
    """bandit's string tests behind their gates."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self._tests = tuple((test, _GATES.get(getattr(test, "_test_id", ""))) for test in tests)

    def candidates(self, node: ast.Constant, parent: ast.AST) -> list[Test]:
        """The tests that may match, in bandit's order."""
        return [test for test, gate in self._tests if gate is None or gate(node, parent)]
