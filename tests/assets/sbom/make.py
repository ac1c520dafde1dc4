"""Makes the lock files: resolves two small projects with uv and npm, as they are of the day, and keeps what they write.

Run from anywhere with uv and npm on the PATH and a package index in reach: `.venv/bin/python tests/assets/sbom/make.py`.
poetry.lock is written here in Poetry's format 2.1 from uv's resolution: Poetry needs an index with a JSON interface,
which mirrors often lack.
"""

import json
import os
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYPROJECT = """[project]
name = "shop"
version = "1.2.0"
requires-python = ">=3.11"
dependencies = ["httpx[socks]>=0.28", "click>=8", "colorama; sys_platform == 'win32'"]

[project.optional-dependencies]
fast = ["h2>=4"]

[dependency-groups]
dev = ["pytest>=8"]
"""
FRONT = {
    "name": "shop-front",
    "version": "0.3.0",
    "workspaces": ["packages/cart"],
    "dependencies": {"send": "^0.19.0"},
    "devDependencies": {"semver5": "npm:semver@5.7.2"},
    "optionalDependencies": {"fsevents": "^2.3.3"},
}
CART = {"name": "@shop/cart", "version": "0.1.0", "dependencies": {"semver": "^7.5.0", "ms": "2.1.3"}}
EXPORT = ("uv", "export", "--quiet", "--no-header", "--all-extras", "--no-emit-project")


def main() -> None:
    """Write every asset beside this script."""
    with tempfile.TemporaryDirectory() as scratch:
        python(Path(scratch))
    with tempfile.TemporaryDirectory() as scratch:
        javascript(Path(scratch))


def python(project: Path) -> None:
    """uv.lock, and from it the three other formats."""
    (project / "pyproject.toml").write_text(PYPROJECT)
    run(project, "uv", "lock", "--quiet")
    run(project, *EXPORT, "--format=pylock.toml", "-o", "pylock.toml")
    run(project, *EXPORT, "--format=requirements-txt", "-o", "requirements.txt")
    for name in ("uv.lock", "pylock.toml", "requirements.txt"):
        (HERE / name).write_text((project / name).read_text())
    (HERE / "poetry.lock").write_text(poetry(tomllib.loads((project / "uv.lock").read_text())))


def javascript(project: Path) -> None:
    """package-lock.json in its three versions."""
    (project / "packages" / "cart").mkdir(parents=True)
    (project / "package.json").write_text(json.dumps(FRONT))
    (project / "packages" / "cart" / "package.json").write_text(json.dumps(CART))
    for version in (3, 2, 1):
        run(
            project, "npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund",
            "--silent", f"--lockfile-version={version}",
        )  # fmt: skip
        name = "package-lock.json" if version == 3 else f"package-lock.v{version}.json"
        (HERE / name).write_text((project / "package-lock.json").read_text())


def poetry(lock: dict[str, Any]) -> str:
    """The same packages as Poetry 2.1 writes them."""
    packages = [package for package in lock["package"] if "registry" in package["source"]]
    root = next(package for package in lock["package"] if "registry" not in package["source"])
    groups = {
        "main": reached(lock, root["dependencies"]),
        "dev": reached(lock, root["dev-dependencies"]["dev"]),
    }
    extra = reached(lock, root["optional-dependencies"]["fast"]) - groups["main"]
    markers = {entry["name"]: entry["marker"] for entry in root["dependencies"] if "marker" in entry}
    lines = ["# Written by tests/assets/sbom/make.py in the format of Poetry 2.1.", ""]
    for package in packages:
        name = package["name"]
        member = [group for group, names in groups.items() if name in names] or ["main"]
        lines += ["[[package]]", f'name = "{name}"', f'version = "{package["version"]}"', 'description = ""']
        lines += [
            f"optional = {str(name in extra).lower()}",
            'python-versions = "*"',
            f"groups = {json.dumps(member)}",
        ]
        lines += [f"markers = {json.dumps(markers[name])}"] if name in markers else []
        archives = [package["sdist"], *package["wheels"]]
        lines += ["files = ["]
        lines += [
            f'    {{file = "{file["url"].rpartition("/")[2]}", hash = "{file["hash"]}"}},'
            for file in archives
        ]
        lines += ["]", *constraints(package), ""]
    return "\n".join(
        [*lines, "[metadata]", 'lock-version = "2.1"', 'python-versions = ">=3.11"', 'content-hash = ""', ""]
    )


def constraints(package: dict[str, Any]) -> list[str]:
    """What one package asks for."""
    lines = []
    for entry in package.get("dependencies", []):
        marker = entry.get("marker")
        value = f'{{version = "*", markers = {json.dumps(marker)}}}' if marker else '"*"'
        lines.append(f"{entry['name']} = {value}")
    return ["", "[package.dependencies]", *lines] if lines else []


def reached(lock: dict[str, Any], entries: list[dict[str, Any]]) -> set[str]:
    """The names of everything that the entries lead to."""
    by_name = {package["name"]: package for package in lock["package"]}
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        package = by_name[entry["name"]]
        for extra in entry.get("extra", []):
            waiting += package["optional-dependencies"][extra]
        if entry["name"] not in found:
            found.add(entry["name"])
            waiting += package.get("dependencies", [])
    return found


def run(project: Path, *command: str) -> None:
    """Run a tool in the project."""
    subprocess.run(command, cwd=project, check=True, capture_output=True, env=dict(os.environ))


if __name__ == "__main__":
    main()
