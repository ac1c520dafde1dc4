"""The code scan over a tree: Python by bandit; what is written in other languages is told, not passed over."""

from collections import Counter
from pathlib import PurePosixPath

from battery.scan.interface import ScanResult, Skipped
from battery.scan.source.code.canary import PLANT
from battery.scan.source.pool import Pool
from battery.scan.source.pool_scan import result_of, scan_pieces
from battery.scan.source.tree import SourceFile, Tree

_PYTHON = (".py", ".pyw")
_LANGUAGES = {
    **dict.fromkeys((".c", ".h", ".cc", ".cpp", ".hpp", ".cxx"), "C or C++"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "JavaScript"),
    **dict.fromkeys((".ts", ".tsx"), "TypeScript"),
    **dict.fromkeys((".sh", ".bash", ".zsh"), "shell"),
    **dict.fromkeys((".pyx", ".pxd", ".pxi"), "Cython"),
    ".go": "Go",
    ".rs": "Rust",
    ".java": "Java",
    ".kt": "Kotlin",
    ".rb": "Ruby",
    ".php": "PHP",
    ".cs": "C#",
    ".swift": "Swift",
    ".scala": "Scala",
    ".sql": "SQL",
    ".ipynb": "Jupyter notebooks",
}


def scan_code(tree: Tree, pool: Pool) -> ScanResult:
    """Scan every Python file of the tree, the longest first so that no worker is left with one at the end."""
    python = [file for file in tree.files if is_python(file)]
    chosen = {file.name for file in python}
    others = [file for file in tree.files if file.name not in chosen]
    pieces = [file.piece() for file in sorted(python, key=lambda file: -file.size)]
    total = (len(pieces), sum(piece.size for piece in pieces))
    gathered, seen = scan_pieces(pool, "code", pieces, PLANT, total)
    left_out = [Skipped(what=file.name, reason=_reason(file), harmless=True) for file in others]
    return result_of(
        "code",
        gathered,
        seen,
        left_out=[*tree.skipped, *left_out],
        discovered=tree.discovered,
        nothing=f"no Python file among {tree.discovered} found under {tree.root}: nothing here can be judged by bandit",
        facts=_other_languages(others),
    )


def is_python(file: SourceFile) -> bool:
    """Whether bandit is to read it: by its name, or by its first line where the name has no suffix."""
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix or file.size == 0:
        return suffix in _PYTHON
    try:
        with open(file.path, "rb") as stream:  # noqa: PTH123 - the name may be no UTF-8
            first = stream.readline(200)
    except OSError:
        return True  # what cannot be read must not pass for something else: the pool says why
    return first.startswith(b"#!") and b"python" in first


def _reason(file: SourceFile) -> str:
    language = _LANGUAGES.get(PurePosixPath(file.name).suffix.lower())
    return f"{language}: bandit reads Python only" if language else "not Python"


def _other_languages(others: list[SourceFile]) -> dict[str, str]:
    suffixes = (PurePosixPath(file.name).suffix.lower() for file in others)
    counted = Counter(_LANGUAGES[suffix] for suffix in suffixes if suffix in _LANGUAGES)
    if not counted:
        return {}
    return {"not scanned": ", ".join(f"{count} {language}" for language, count in sorted(counted.items()))}
