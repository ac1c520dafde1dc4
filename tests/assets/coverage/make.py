"""Makes the coverage assets: runs coverage on a tiny project and keeps each format it writes.

Run from anywhere: `.venv/bin/python tests/assets/coverage/make.py`. The JaCoCo asset is written by hand.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SHOP = """def total(items, member):
    price = 0
    for item in items:
        if item > 10 and member:
            price += item - 1
        else:
            price += item
    return price


def never(amount):
    if amount:
        return 1
    return 2
"""
PROJECT = {
    "shop/__init__.py": "",
    "shop/cart.py": SHOP,
    "shop/unused.py": "answer = 42\n",
    "use.py": "from shop.cart import total\n\ntotal([1, 20], False)\n",
}
RUNS: dict[str, tuple[str, ...]] = {
    "lines": (),
    "branches": ("--branch",),
    "contexts": ("--branch", "--context=nightly"),
}
REPORTS = {
    "lines": (("json", "coveragepy-lines.json"), ("xml", "coveragepy-lines.xml")),
    "branches": (
        ("json", "coveragepy-branches.json"),
        ("xml", "coveragepy-branches.xml"),
        ("lcov", "coveragepy-branches.lcov"),
    ),
    "contexts": (("json --show-contexts --pretty-print", "coveragepy-contexts.json"),),
}


def main() -> None:
    """Write every asset beside this script."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch)
        for name, text in PROJECT.items():
            path = project / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        for run, options in RUNS.items():
            coverage(project, "run", *options, "--source=shop", "use.py")
            for command, name in REPORTS[run]:
                coverage(project, *command.split(), "-o", name)
                keep(project / name, project)


def coverage(project: Path, *arguments: str) -> None:
    """Run coverage in the project, without this repository's settings."""
    # Another coverage run around this one must not leak into it.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    command = [sys.executable, "-m", "coverage", *arguments]
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)


def keep(report: Path, project: Path) -> None:
    """Copy a report here; the scratch folder's name becomes a stable one."""
    (HERE / report.name).write_text(report.read_text().replace(str(project), "/work/shop-project"))


if __name__ == "__main__":
    main()
