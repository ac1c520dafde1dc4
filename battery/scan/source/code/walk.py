"""The walk: bandit's visit of a syntax tree in the same order, without building a context where no test can match."""

import ast
from typing import Any

# Children in the order of ast.iter_fields, without what never holds a node that a test looks at.
_LEAVES = frozenset(
    {
        "ctx",
        "op",
        "ops",
        "id",
        "attr",
        "arg",
        "n",
        "s",
        "lineno",
        "kind",
        "type_comment",
        "level",
        "module",
        "asname",
    }
)
_WITHOUT_NODES: dict[type, frozenset[str]] = {
    ast.Constant: frozenset({"value"}),
    ast.Global: frozenset({"names"}),
    ast.Nonlocal: frozenset({"names"}),
    ast.FunctionDef: frozenset({"name"}),
    ast.AsyncFunctionDef: frozenset({"name"}),
    ast.ClassDef: frozenset({"name"}),
    ast.ExceptHandler: frozenset({"name"}),
    ast.alias: frozenset({"name"}),
    ast.FormattedValue: frozenset({"conversion"}),
    ast.AnnAssign: frozenset({"simple"}),
    ast.comprehension: frozenset({"is_async"}),
    ast.Module: frozenset({"type_ignores"}),
    ast.MatchStar: frozenset({"name"}),
    ast.MatchMapping: frozenset({"rest"}),
    ast.MatchClass: frozenset({"kwd_attrs"}),
}


def children_of(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes of interest."""
    left_out = _LEAVES | _WITHOUT_NODES.get(kind, frozenset())
    if kind is ast.arg:
        left_out |= {"arg"}
    if kind is ast.MatchAs:
        left_out |= {"name"}
    return tuple(field for field in kind._fields if field not in left_out)


class Walk:
    """Calls a visitor for each node of interest, parents before children; `path` holds the parents."""

    def __init__(self, visitors: dict[type, Any]) -> None:
        self._visitors = visitors
        self._children: dict[type, tuple[str, ...]] = {}
        self.path: list[ast.AST] = []

    def below(self, node: ast.AST) -> None:
        """Visit everything below a node."""
        kind = node.__class__
        children = self._children.get(kind)
        if children is None:
            children = self._children[kind] = children_of(kind)
        if not children:
            return
        self.path.append(node)
        for field in children:
            value = getattr(node, field, None)
            if value.__class__ is list:
                for item in value:
                    self._one(item)
            else:
                self._one(value)
        self.path.pop()

    def _one(self, item: Any) -> None:
        kind = item.__class__
        if kind is ast.Name or not isinstance(item, ast.AST):
            return
        visitor = self._visitors.get(kind)
        if visitor is not None:
            visitor(item)
        if kind is not ast.Constant:
            self.below(item)
