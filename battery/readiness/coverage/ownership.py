"""Which files of a source tree are its own code: not tests, not outputs, not another's work."""

import re
from collections.abc import Iterable, Set
from pathlib import PurePosixPath

# Suffixes that mean one language for a coverage report: a report that speaks of one answers for all of them.
LANGUAGES = (
    frozenset({".py"}),
    frozenset({".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"}),
    frozenset({".java", ".kt", ".groovy", ".scala"}),
    frozenset({".c", ".cc", ".cpp", ".cxx", ".m", ".mm"}),
    frozenset({".cs", ".fs", ".vb"}),
)
# Declarations hold few lines that run, so that many never appear in an honest report.
_DECLARATIONS = (".h", ".hh", ".hpp", ".hxx", ".d.ts", ".pyi")
_TEST_FOLDERS = {"test", "tests", "__tests__", "spec", "specs"}
_TEST_NAME = re.compile(r"(test_.*|.*_test|.*[.](test|spec)|conftest)[.][^.]+")
_OTHERS_FOLDERS = {"build", "dist", "out", "target", "vendor", "third_party"}


def language(path: str) -> frozenset[str]:
    """The suffixes of a file's language; empty when its name does not tell one."""
    name = PurePosixPath(path).name.lower()
    suffix = PurePosixPath(name).suffix
    if not suffix or name.endswith(_DECLARATIONS):
        return frozenset()
    return next((suffixes for suffixes in LANGUAGES if suffix in suffixes), frozenset({suffix}))


def is_test(path: str) -> bool:
    """Whether a file is a test by its folder or its name."""
    pure = PurePosixPath(path)
    return not _TEST_FOLDERS.isdisjoint(pure.parts[:-1]) or _TEST_NAME.fullmatch(pure.name) is not None


def own_sources(paths: Iterable[str], suffixes: frozenset[str], reported: Set[str]) -> frozenset[str]:
    """The tree's own code in a language; what is reported from an output folder (generated code) counts too."""
    return frozenset(
        path
        for path in paths
        if language(path) == suffixes and not is_test(path) and (path in reported or not _is_others(path))
    )


def _is_others(path: str) -> bool:
    return not _OTHERS_FOLDERS.isdisjoint(PurePosixPath(path).parts[:-1])
