"""Sessions of the developers and of CI: `nox -l` lists them; `nox` alone runs what CI runs.

With --no-venv they use the environment that nox itself runs in, which is how the README's test command saves
one installation for each session.
"""

import os
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.5"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "unit", "integration", "cli", "coverage"]

LOCK = "requirements-dev.txt"
TIMED = ("load", "chaos/recovery", "chaos/toxiproxy", "chaos/scenarios", "third_party")
# With --no-venv the tools stand beside this Python, which need not be on PATH.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def install(session: nox.Session) -> None:
    """The locked tools, then the battery itself as it stands here."""
    if not session.virtualenv.is_sandboxed:
        return
    session.install("--quiet", "--require-hashes", "--requirement", LOCK)
    session.install("--quiet", "--no-deps", "--editable", ".")


def run_tests(session: nox.Session, *options: str) -> None:
    """Run tests, counting coverage in their subprocesses too."""
    install(session)
    session.run("coverage", "run", "-m", "pytest", *options, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, mypy --strict, import contracts."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


@nox.session
def unit(session: nox.Session) -> None:
    """The fast tests; begins a new coverage count."""
    for old in Path().glob(".coverage*"):
        old.unlink()
    run_tests(session, "tests/unit", "-n", "2")


@nox.session
def integration(session: nox.Session) -> None:
    """The tests that drive real tools, real servers and real processes; those that measure times have the machine alone."""
    alone = [f"--ignore=tests/integration/{folder}" for folder in TIMED]
    run_tests(session, "tests/integration", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *alone)
    run_tests(session, *(f"tests/integration/{folder}" for folder in TIMED))


@nox.session
def cli(session: nox.Session) -> None:
    """What a person sees."""
    run_tests(session, "tests/cli")


@nox.session
def coverage(session: nox.Session) -> None:
    """Branch coverage over the three test sessions; below the bar in pyproject.toml fails."""
    install(session)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session
def wheel(session: nox.Session) -> None:
    """The built wheel, and the README's demo command, in an empty HOME."""
    install(session)
    session.run("pytest", "tests/integration/packaging", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers in one run; prints tables, judges nothing."""
    install(session)
    session.run("python", "-m", "tests.benchmarks", *session.posargs)


@nox.session
def defects(session: nox.Session) -> None:
    """Each planted defect of the reference target, and which gate sees it; one to two minutes each."""
    install(session)
    session.run("python", "-m", "tests.defects", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """The main job: certify the reference target."""
    install(session)
    session.run("battery", "certify", "--demo", *session.posargs, success_codes=[0, 2])


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Renew requirements-dev.txt from pyproject.toml; needs uv on PATH."""
    options = ["--universal", "--python-version", "3.11", "--group", "dev", "--generate-hashes"]
    quiet = ["--quiet", "--no-emit-index-url", "--no-header", "--no-annotate"]
    session.run("uv", "pip", "compile", *options, *quiet, "pyproject.toml", "-o", LOCK, external=True)
