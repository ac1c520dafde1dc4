"""Discovery: what a folder tells about its service, read without running anything."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from battery.model.frozen import Frozen

_FRAMEWORKS = {
    "fastapi": 8000, "starlette": 8000, "flask": 5000, "django": 8000, "aiohttp": 8080, "sanic": 8000,
    "express": 3000, "fastify": 3000, "koa": 3000, "next": 3000,
    "spring-boot": 8080, "quarkus": 8080, "gin-gonic/gin": 8080, "labstack/echo": 8080, "axum": 3000, "actix-web": 8080,
}  # fmt: skip
_MANIFESTS = (
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "package.json",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "Cargo.toml",
)
_COVERAGE = (
    "coverage.xml",
    "coverage.json",
    "coverage.lcov",
    "lcov.info",
    "coverage/lcov.info",
    "target/site/jacoco/jacoco.xml",
)
_SOURCES = {".py", ".js", ".ts", ".go", ".java", ".kt", ".rs", ".rb"}
_SKIPPED = {"node_modules", "venv", "target", "build", "dist", "__pycache__", "tests", "test"}
_ROUTE = re.compile(r"""["'](/[A-Za-z0-9_/.-]{2,60})["']""")
_KINDS = {
    "live": re.compile(r"/(?:live|livez|liveness|healthz|health|ping)$"),
    "ready": re.compile(r"/(?:ready|readyz|readiness)$"),
    "metrics": re.compile(r"^/metrics$|/prometheus$"),
    "version": re.compile(r"/(?:version|info|build)$"),
}
_MOST_FILES, _MOST_BYTES = 2000, 512 * 1024


class Discovery(Frozen, frozen=True, kw_only=True):
    """What was found, with a note for each thing that says where."""

    framework: str
    url: str
    live: str
    ready: str
    metrics: str
    version: str
    coverage: str
    quickstart: str
    runbooks: str
    bootstrap: str
    notes: tuple[str, ...]


def discover(folder: Path) -> Discovery:
    """Look at manifests, sources, Dockerfile, coverage reports and docs."""
    framework, manifest = _framework(folder)
    port = _exposed_port(folder) or _FRAMEWORKS.get(framework, 8000)
    routes = _routes(folder)
    documents = {
        "coverage": _first(folder, _COVERAGE),
        "quickstart": _first(
            folder, ("docs/quickstart.md", "docs/QUICKSTART.md", "QUICKSTART.md", "README.md")
        ),
        "runbooks": _first(folder, ("docs/runbooks", "runbooks", "docs/runbook.md")),
        "bootstrap": _bootstrap(folder),
    }
    found = {"framework": framework and f"{framework} ({manifest})", **routes, **documents}
    return Discovery(
        framework=framework,
        url=f"http://127.0.0.1:{port}",
        **routes,
        **documents,
        notes=tuple(f"{name}: {value}" for name, value in found.items() if value),
    )


def _framework(folder: Path) -> tuple[str, str]:
    for manifest in _MANIFESTS:
        text = _text(folder / manifest).lower()
        for name in _FRAMEWORKS:
            if re.search(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9])", text):
                return name, manifest
    return "", ""


def _exposed_port(folder: Path) -> int:
    match = re.search(r"^\s*EXPOSE\s+(\d{1,5})", _text(folder / "Dockerfile"), re.MULTILINE | re.IGNORECASE)
    return int(match[1]) if match else 0


def _routes(folder: Path) -> dict[str, str]:
    """The shortest route of each kind that stands in the sources as a string."""
    routes = {route for path in _source_files(folder) for route in _ROUTE.findall(_text(path))}
    return {
        kind: min(
            (route for route in routes if pattern.search(route)),
            key=lambda route: (len(route), route),
            default="",
        )
        for kind, pattern in _KINDS.items()
    }


def _source_files(folder: Path) -> Iterator[Path]:
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix in _SOURCES:
                count += 1
                if count > _MOST_FILES:
                    return
                yield Path(place) / name


def _bootstrap(folder: Path) -> str:
    targets = re.findall(r"^([a-z][a-z-]*):", _text(folder / "Makefile"), re.MULTILINE)
    return next((f"make {name}" for name in ("bootstrap", "setup", "install", "up") if name in targets), "")


def _first(folder: Path, names: tuple[str, ...]) -> str:
    return next((name for name in names if (folder / name).exists()), "")


def _text(path: Path) -> str:
    """The file's text; nothing where there is no readable file."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
