"""The tools that the source scans must equal, run as anybody would run them, and their results in one shape."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from battery.scan.source.secrets.plugins import left_out
from battery.scan.source.secrets.search import Search
from battery.scan.source.secrets.text import text_of
from battery.scan.source.tree import tree_of

Issue = tuple[str, str, int]
Leak = tuple[str, str, str, int]


def bandit_command(*more: str) -> list[str]:
    """`bandit -r` over the current folder."""
    return [str(Path(sys.executable).with_name("bandit")), "-q", "-r", ".", "-f", "json", "-o", *more]


def detect_secrets_command() -> list[str]:
    """`detect-secrets scan` over the current folder, git or not; unasked, it would try what it finds over the network."""
    return [str(Path(sys.executable).with_name("detect-secrets")), "scan", "--no-verify", "--all-files", "."]


def issues_of_bandit(root: Path, report: Path) -> set[Issue]:
    """Test, file and line of everything that bandit reports."""
    subprocess.run(bandit_command(str(report)), cwd=root, check=False, capture_output=True)
    document = json.loads(report.read_text())
    return {
        (issue["test_id"], issue["filename"].removeprefix("./"), issue["line_number"])
        for issue in document["results"]
    }


def leaks_of_detect_secrets(root: Path) -> set[Leak]:
    """File, kind, SHA-1 of the secret and its first line, of everything that detect-secrets reports."""
    done = subprocess.run(detect_secrets_command(), cwd=root, check=True, capture_output=True, text=True)
    results = json.loads(done.stdout)["results"]
    return {
        (name, leak["type"], leak["hashed_secret"], leak["line_number"])
        for name, leaks in results.items()
        for leak in leaks
    }


def leaks_of_ours(root: Path, *, filtered: bool = True) -> set[Leak]:
    """The same of our search. Results of the scan itself are sealed, so the contents are compared here."""
    search, first = Search(filtered=filtered), dict[tuple[str, str, str], int]()
    for file in tree_of(root).files:
        text = None if left_out(file.name) else text_of(Path(file.path).read_bytes())
        for secret in search.secrets(file.name, text.text) if text else ():
            digest = hashlib.sha1(secret.value.encode(), usedforsecurity=False).hexdigest()
            first.setdefault((file.name, secret.kind, digest), secret.line)
    return {(*leak, line) for leak, line in first.items()}
