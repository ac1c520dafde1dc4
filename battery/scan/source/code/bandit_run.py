"""bandit over one file: by the gated visitor where this bandit is known, by bandit's own manager where it is not."""

import ast
import io
import sys
import warnings

from battery.scan.source.code.known import is_known
from battery.scan.source.code.nosec import has_cookie, nosec_of
from battery.scan.source.code.outcome import Outcome
from battery.scan.source.code.visitor import Tests, Visitor

_DEEPEST = 30_000  # frames of the walk; the parser itself stays under the interpreter's own limit
_BIDIRECTIONAL = (b"\xe2\x80", b"\xe2\x81")  # how each character that trojansource looks for begins in UTF-8


class BanditRun:
    """bandit with its default configuration, opened once."""

    def __init__(self, gated: bool | None = None) -> None:
        from bandit.core import config, manager  # type: ignore[import-untyped] # ships no types

        self._manager = manager.BanditManager(config.BanditConfig(), "file")
        self._manager.metrics.begin("")
        by_kind = self._manager.b_ts.tests
        modules = tuple({test.__module__ for tests in by_kind.values() for test in tests})
        self.gated = is_known(modules) if gated is None else gated
        self._tests = Tests(by_kind)

    def scan(self, name: str, content: bytes) -> Outcome:
        """The issues of one file, or why it could not be read."""
        return self._gated(name, content) if self.gated else self._stock(name, content)

    def _gated(self, name: str, content: bytes) -> Outcome:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # doubtful escapes are the scanned code's affair
                nosec, tree = nosec_of(content), ast.parse(content)
        except SyntaxError as error:
            return Outcome(f"it is not valid Python {_version()}: {error.msg} at line {error.lineno}")
        except (ValueError, RecursionError, MemoryError, UnicodeDecodeError) as error:
            return Outcome(f"Python {_version()} cannot parse it: {type(error).__name__}")
        return self._visited(Visitor(self._tests, name, content, nosec), tree, content)

    @staticmethod
    def _visited(visitor: Visitor, tree: ast.Module, content: bytes) -> Outcome:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, _DEEPEST))
        try:
            visitor.visit(tree)
        finally:
            sys.setrecursionlimit(usual)
        if has_cookie(content) or any(start in content for start in _BIDIRECTIONAL):
            visitor.whole_file()
        outcome = Outcome()
        outcome.issues, outcome.failed, outcome.suppressed = (
            visitor.issues,
            visitor.failed,
            visitor.suppressed,
        )
        return outcome

    def _stock(self, name: str, content: bytes) -> Outcome:
        manager = self._manager
        manager.results, manager.skipped, manager.scores = [], [], []
        manager._parse_file(name, io.BytesIO(content), [name])  # noqa: SLF001 - run_tests would read the file again
        if manager.skipped:
            return Outcome(f"bandit: {manager.skipped[0][1]}")
        outcome = Outcome()
        outcome.issues = manager.results
        outcome.suppressed = manager.metrics.data[name]["nosec"] + manager.metrics.data[name]["skipped_tests"]
        return outcome


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
