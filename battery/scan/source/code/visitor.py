"""The visitor: bandit's own tests, run on the nodes they can match and on no others."""

import ast
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bandit.core import blacklisting, utils  # type: ignore[import-untyped] # ships no types
from bandit.core import context as bandit_context

from battery.scan.source.code.gates import CallGates, Test
from battery.scan.source.code.nosec import Nosec
from battery.scan.source.code.strings import StringGates
from battery.scan.source.code.walk import Walk

Raw = dict[str, Any]


class Tests:
    """bandit's tests by what they look at, sorted behind their gates once for all files."""

    __test__ = False  # not a test case, whatever its name says to pytest

    def __init__(self, by_kind: dict[str, list[Test]]) -> None:
        self.by_kind = by_kind
        self.strings = StringGates(by_kind.get("Str", ()))
        self.blacklist: dict[str, list[dict[str, Any]]] = getattr(blacklisting.blacklist, "_config", {})
        self.calls = CallGates(
            [test for test in by_kind.get("Call", ()) if test is not blacklisting.blacklist]
        )
        self.bad_calls = frozenset(
            name for check in self.blacklist.get("Call", ()) for name in check["qualnames"]
        )
        self.bad_imports = tuple(
            name for check in self.blacklist.get("ImportFrom", ()) for name in check["qualnames"]
        )


class Visitor:
    """One file: walks its tree, keeps what the tests report, and notes each test that failed."""

    def __init__(self, tests: Tests, filename: str, data: bytes, nosec: Nosec) -> None:
        self._tests, self._filename, self._data, self._nosec = tests, filename, data, nosec
        self._imports: set[str] = set()
        self._aliases: dict[str, str] = {}
        self.issues: list[Any] = []
        self.failed: list[str] = []
        self.suppressed = 0
        visitors: dict[type, Callable[[Any], None]] = {
            ast.Call: self._call,
            ast.Constant: self._constant,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.FunctionDef: self._function,
            **{
                getattr(ast, kind): self._other
                for kind in ("Assert", "ExceptHandler")
                if kind in tests.by_kind
            },
        }
        self._walk = Walk(visitors)

    def visit(self, tree: ast.Module) -> None:
        """Run every test that can match; afterwards no node links upwards, so the tree is freed at once."""
        self._walk.below(tree)

    def whole_file(self) -> None:
        """Run the tests that read the file itself."""
        raw: Raw = {"filename": self._filename, "lineno": 0, "linerange": [0, 1], "col_offset": 0}
        raw["file_data"] = io.BytesIO(self._data)
        self._run(raw, self._tests.by_kind.get("File", ()))

    def _call(self, node: ast.Call) -> None:
        qualname = utils.get_call_name(node, self._aliases)
        name = qualname.rpartition(".")[2]
        tests = self._tests.calls.candidates(name, [keyword.arg for keyword in node.keywords])
        if self._may_be_blacklisted(node, qualname):
            tests = [*tests, blacklisting.blacklist]
        if tests:
            self._run(self._raw(node, call=node, qualname=qualname, name=name), tests)

    def _may_be_blacklisted(self, node: ast.Call, qualname: str) -> bool:
        importing = qualname in ("importlib.import_module", "importlib.__import__", "__import__")
        dunder = isinstance(node.func, ast.Name) and node.func.id == "__import__"
        return importing or dunder or qualname in self._tests.bad_calls

    def _constant(self, node: ast.Constant) -> None:
        parent = self._walk.path[-1]
        if isinstance(node.value, str) and not isinstance(parent, ast.Expr):
            tests = self._tests.strings.candidates(node, parent)
            if tests:
                self._run(self._raw(node, within=parent, str=node.value), tests)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = ""
        for alias in node.names:
            if alias.asname:
                self._aliases[alias.asname] = alias.name
            self._imports.add(module := alias.name)
        if any(alias.name.startswith(self._tests.bad_imports) for alias in node.names):
            self._run(self._raw(node, module=module), self._tests.by_kind.get("Import", ()))

    def _import_from(self, node: ast.ImportFrom) -> None:
        if node.module is None:
            return self._import(node)
        name = ""
        for alias in node.names:
            name = alias.name
            self._aliases[alias.asname or name] = f"{node.module}.{name}"
            self._imports.add(f"{node.module}.{name}")
        if any(f"{node.module}.{alias.name}".startswith(self._tests.bad_imports) for alias in node.names):
            raw = self._raw(node, module=node.module, name=name)
            self._run(raw, self._tests.by_kind.get("ImportFrom", ()))
        return None

    def _function(self, node: ast.FunctionDef) -> None:
        if node.args.defaults:  # both of bandit's function tests look at the defaults only
            self._run(
                self._raw(node, function=node, name=node.name), self._tests.by_kind.get("FunctionDef", ())
            )

    def _other(self, node: ast.AST) -> None:
        self._run(self._raw(node), self._tests.by_kind.get(node.__class__.__name__, ()))

    def _raw(self, node: ast.AST, within: ast.AST | None = None, **more: Any) -> Raw:
        """bandit's context of a node. Its lines are those of `within`, which for a string is its parent."""
        raw: Raw = {
            "imports": self._imports,
            "import_aliases": self._aliases,
            "lineno": getattr(node, "lineno", None),
            "col_offset": getattr(node, "col_offset", None),
            "end_col_offset": getattr(node, "end_col_offset", None),
            "node": node,
            "filename": self._filename,
            "linerange_of": within or node,
        }
        return raw | more

    def _run(self, raw: Raw, tests: Sequence[Test]) -> None:
        links = self._link(raw.get("node"))
        if "linerange" not in raw:
            raw["linerange"] = utils.linerange(raw.pop("linerange_of"))
        for test in tests:
            self._run_one(raw, test)
        for node in links:
            del node._bandit_parent  # noqa: SLF001 - the link's name is bandit's

    def _link(self, node: Any) -> Iterable[Any]:
        """Set the links to the parents that bandit's tests follow, and hand back what to unlink."""
        if node is None:
            return ()
        linked = [*self._walk.path[1:], node]
        for parent, child in zip(self._walk.path, linked, strict=True):
            child._bandit_parent = parent  # noqa: SLF001 - as above
        return linked

    def _run_one(self, raw: Raw, test: Any) -> None:
        context = bandit_context.Context(raw)
        try:
            issue = test(context, test._config) if hasattr(test, "_config") else test(context)  # noqa: SLF001 - bandit's own marks
        except Exception as error:  # noqa: BLE001 - bandit logs it and goes on; here it is counted as well
            self.failed.append(
                f"{getattr(test, '_test_id', '?')} {type(error).__name__} at line {raw['lineno']}"
            )
            return
        if issue is None:
            return
        self._complete(issue, raw, test)
        if self._nosec.suppresses(issue.test_id, issue.lineno, raw["linerange"]):
            self.suppressed += 1
        else:
            self.issues.append(issue)

    @staticmethod
    def _complete(issue: Any, raw: Raw, test: Any) -> None:
        """Fill in what a test leaves to its caller."""
        if issue.lineno is None:
            issue.lineno = raw["lineno"]
        if issue.linerange == []:
            issue.linerange = raw["linerange"]
        if issue.col_offset == -1:
            issue.col_offset = raw["col_offset"]
        issue.test = test.__name__
        if issue.test_id == "":
            issue.test_id = test._test_id  # noqa: SLF001 - as above
