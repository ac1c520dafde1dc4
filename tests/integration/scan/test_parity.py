"""Parity: the same findings as bandit and detect-secrets themselves, by rule, file, line and content."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from battery.scan.source.code.scan import scan_code
from battery.scan.source.pool import Pool
from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.engine import rule_of
from battery.scan.source.secrets.scan import scan_secrets
from battery.scan.source.tree import tree_of
from tests.integration.scan.peers import issues_of_bandit, leaks_of_detect_secrets, leaks_of_ours

PACKAGES = ("bandit", "detect_secrets", "jinja2", "requests")


def package(name: str, folder: Path) -> Path:
    """A copy of an installed package, without what Python compiled of it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    copy = folder / name
    shutil.copytree(Path(spec.origin).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def planted_tree(folder: Path) -> Path:
    """A tree with every kind of secret in every kind of file, and with code that bandit speaks about."""
    root = folder / "planted"
    root.mkdir()
    for seed, suffix in enumerate(
        (".pyi", ".txt", ".yaml", ".ini", ".js", ".json", ".go", ".env", ".cfg", "")
    ):
        lines = planted(Random(seed)).values()
        (root / f"plain{suffix}").write_text("\n".join(lines) + "\n")
        (root / f"keyed{suffix}").write_text("".join(f"k{n}: {line}\n" for n, line in enumerate(lines)))
        (root / f"section{suffix}").write_text(
            "[s]\n" + "".join(f"k{n} = {line}\n" for n, line in enumerate(lines))
        )
        (root / f"calm{suffix}").write_text("nothing = here\n")
    for number, line in enumerate(
        ("import pickle", "eval(x)  # nosec", "exec(x)", "password = 'x'", "assert x")
    ):
        (root / f"code{number}.py").write_text(f"{line}\n")
    (root / "poetry.lock").write_text(f'hash = "{next(iter(planted(Random(1)).values()))}"\n')
    (root / "binary").write_bytes(b"\0\xff\xfe")
    return root


@pytest.fixture(scope="module", params=[*PACKAGES, "planted"])
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parity")
    return planted_tree(folder) if request.param == "planted" else package(request.param, folder)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=2, key=b"a key of the tests") as running:
        yield running


def test_the_code_scan_finds_what_bandit_finds(root: Path, pool: Pool, tmp_path: Path) -> None:
    result = scan_code(tree_of(root), pool)
    # A finding's detail begins with bandit's own name of the test; its rule can be a milder variant.
    ours = {(found.detail.partition(":")[0], found.where, found.line) for found in result.found}
    assert result.incomplete == ()
    assert ours == issues_of_bandit(root, tmp_path / "bandit.json")
    assert ours


def test_the_search_finds_what_detect_secrets_finds(root: Path) -> None:
    theirs = leaks_of_detect_secrets(root)
    assert leaks_of_ours(root) == theirs


def test_the_secrets_scan_reports_all_of_it(root: Path, pool: Pool) -> None:
    result = scan_secrets(tree_of(root), pool)
    first: dict[tuple[str, str], int] = {}
    for found in result.found:
        # A finding's detail begins with detect-secrets' own name of the kind; its rule can be a milder variant.
        first.setdefault((found.where, rule_of(found.detail.partition(",")[0])), found.line)
    theirs: dict[tuple[str, str], int] = {}
    for name, kind, _, line in leaks_of_detect_secrets(root):
        key = (name, rule_of(kind))
        theirs[key] = min(line, theirs.get(key, line))
    assert result.incomplete == ()
    assert first == theirs
