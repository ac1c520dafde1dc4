"""Discovery: what a folder tells about its service, read without running anything."""

import re
from pathlib import Path

from battery.definitions.folder_text import has_file, has_folder, source_files, text_of
from battery.model.frozen import Frozen

_FRAMEWORKS = {
    "fastapi": 8000, "starlette": 8000, "flask": 5000, "django": 8000, "aiohttp": 8080, "sanic": 8000,
    "express": 3000, "fastify": 3000, "koa": 3000, "next": 3000,
    "spring-boot": 8080, "quarkus": 8080, "gin-gonic/gin": 8080, "labstack/echo": 8080, "axum": 3000, "actix-web": 8080,
}  # fmt: skip
_GO_PORT = 8080
_MANIFESTS = (
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "package.json",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Cargo.toml",
)
_COVERAGE = (
    "coverage.xml",
    "coverage.json",
    "coverage.lcov",
    "lcov.info",
    "coverage/lcov.info",
    "target/site/jacoco/jacoco.xml",
    "build/reports/jacoco/test/jacocoTestReport.xml",
)
_QUICKSTARTS = ("docs/quickstart.md", "docs/QUICKSTART.md", "QUICKSTART.md", "README.md")
_RUNBOOKS = ("docs/runbooks", "runbooks")
_ROUTE = re.compile(r"""["'`](/(?!/)[A-Za-z0-9_/.-]{2,60})["'`]""")
_KINDS = {
    "live": re.compile(r"/(?:live|livez|liveness|healthz|health|ping)$"),
    "ready": re.compile(r"/(?:ready|readyz|readiness)$"),
    "metrics": re.compile(r"^/metrics$|/prometheus$"),
    "version": re.compile(r"/(?:version|info|build)$"),
}


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
    guess = _GO_PORT if manifest == "go.mod" else 8000
    port = _exposed_port(folder) or _FRAMEWORKS.get(framework, guess)
    routes = _routes(folder)
    documents = {
        "coverage": _first_file(folder, _COVERAGE),
        "quickstart": _first_file(folder, _QUICKSTARTS),
        "runbooks": next((name for name in _RUNBOOKS if has_folder(folder / name)), ""),
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
    """The framework and the manifest that names it; a manifest alone where it names none."""
    present = [(manifest, text_of(folder / manifest).lower()) for manifest in _MANIFESTS]
    for manifest, text in present:
        for name in _FRAMEWORKS:
            if re.search(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9])", text):
                return name, manifest
    return "", next((manifest for manifest, text in present if text), "")


def _exposed_port(folder: Path) -> int:
    exposed = re.findall(
        r"^\s*EXPOSE\s+([0-9]{1,5})\b", text_of(folder / "Dockerfile"), re.MULTILINE | re.IGNORECASE
    )
    return next((int(port) for port in exposed if 0 < int(port) < 65536), 0)


def _routes(folder: Path) -> dict[str, str]:
    """The shortest route of each kind that stands in the sources as a string."""
    routes = {route for path in source_files(folder) for route in _ROUTE.findall(text_of(path))}
    return {
        kind: min(
            (route for route in routes if pattern.search(route)),
            key=lambda route: (len(route), route),
            default="",
        )
        for kind, pattern in _KINDS.items()
    }


def _bootstrap(folder: Path) -> str:
    targets = re.findall(r"^([a-z][a-z-]*):(?!=)", text_of(folder / "Makefile"), re.MULTILINE)
    return next((f"make {name}" for name in ("bootstrap", "setup", "install", "up") if name in targets), "")


def _first_file(folder: Path, names: tuple[str, ...]) -> str:
    return next((name for name in names if has_file(folder / name)), "")
