"""Docs: the README, the links, the quickstart as it is written, a runbook for each alert, the API's description."""

import os
import tempfile
from pathlib import Path

import httpx
import pytest

from battery.checks.recorded_flaws import record_flaws
from battery.model.definition import Definition
from battery.model.quantity import seconds
from battery.model.target import Docs
from battery.readiness.bootstrap import checkout  # its function's name begins as that of a check does
from battery.readiness.bootstrap.environment import given, make_home, scrubbed
from battery.readiness.bootstrap.ready import ReadyProbe
from battery.readiness.bootstrap.sandbox import Sandbox
from battery.readiness.docs.alert_rules import alerts_of
from battery.readiness.docs.api_description import api_flaws, read_api_description
from battery.readiness.docs.exercised import exercised_by
from battery.readiness.docs.links import count_links, link_flaws
from battery.readiness.docs.presence import presence_flaws
from battery.readiness.docs.quickstart import QuickstartRun, run_quickstart
from battery.readiness.docs.quickstart_blocks import ShellBlock, shell_blocks
from battery.readiness.docs.readme import readme_flaws
from battery.readiness.docs.runbooks import runbook_flaws
from battery.readiness.docs.tree import DocumentsUnreadable, DocumentTree
from battery.readiness.observability.flaw import Flaw
from battery.recording import Record

_WANTED = 6  # what, install, run, test, licence, changelog
pytestmark = [pytest.mark.gate("G8"), pytest.mark.instrument("readiness")]


@pytest.mark.measures("docs.presence.missing")
def check_readme(target: Definition, source_folder: Path, record: Record) -> None:
    """A README that says what, how to install, run and test; a licence; a changelog."""
    tree, path = DocumentTree(source_folder), _docs(target).readme
    try:
        flaws = readme_flaws(tree, path)
    except DocumentsUnreadable as error:
        flaws = (Flaw(rule="docs.readme", where=path, text=str(error)),)
    record_flaws(record, "docs.presence.missing", (*flaws, *presence_flaws(tree)), _WANTED)


@pytest.mark.measures("docs.links.dead")
@pytest.mark.limit("2 min")
def check_links(source_folder: Path, record: Record) -> None:
    """Relative links and anchors of every document lead somewhere."""
    tree = DocumentTree(source_folder)
    documents = tree.documents()
    links = count_links(tree, documents)
    note = f"{links} relative links in {len(documents)} documents"
    record_flaws(record, "docs.links.dead", link_flaws(tree, documents), len(documents), note)


@pytest.mark.measures("docs.runbooks.missing")
def check_runbooks(target: Definition, source_folder: Path, record: Record) -> None:
    """A runbook for each alert, with symptom, diagnosis, mitigation and rollback."""
    docs = _docs(target)
    patterns = target.observability.rules or docs.rules
    if not patterns:
        pytest.skip('no alert rules: name their files as [observability] rules = ["alerts/*.yml"]')
    alerts = alerts_of(source_folder, patterns)
    flaws = runbook_flaws(DocumentTree(source_folder), alerts, docs.runbooks)
    record_flaws(record, "docs.runbooks.missing", flaws, len(alerts), f"{len(alerts)} alerts")


@pytest.mark.measures("docs.api.undescribed")
def check_api(
    target: Definition, source_folder: Path, record: Record, request: pytest.FixtureRequest
) -> None:
    """The API's description knows every endpoint that the battery calls."""
    place = _docs(target).openapi
    if not place:
        pytest.skip('no API description: name it as [docs] openapi = "docs/openapi.json" or "/openapi.json"')
    exercised = exercised_by(target)
    data = _served(request.getfixturevalue("http"), place) if place.startswith("/") else b""
    description = read_api_description(data or _kept(source_folder, place), place)
    record.fact("description", f"{place}: OpenAPI {description.version}, {len(description.operations)} paths")
    flaws = api_flaws(description, exercised)
    record_flaws(record, "docs.api.undescribed", flaws, len(exercised), f"{len(exercised)} calls")


@pytest.mark.measures("docs.quickstart.failures")
@pytest.mark.limit("40 min")
def check_quickstart(target: Definition, source_folder: Path, record: Record) -> None:
    """The quickstart's shell blocks run as they are written, in a clean checkout."""
    docs = _docs(target)
    if not docs.quickstart:
        pytest.skip('no quickstart: name it as [docs] quickstart = "docs/quickstart.md"')
    blocks = shell_blocks(DocumentTree(source_folder).document(docs.quickstart))
    with tempfile.TemporaryDirectory(prefix="battery-quickstart-", ignore_cleanup_errors=True) as scratch:
        record.progress(0.1, f"{docs.quickstart} runs in a clean checkout, {docs.quickstart_limit} at most")
        done = _run(docs, blocks, source_folder, Path(scratch), record)
        _record_run(done, blocks, record)


def _docs(target: Definition) -> Docs:
    return target.docs or Docs()


def _served(http: httpx.Client, path: str) -> bytes:
    answer = http.get(path)
    if not answer.is_success:
        raise DocumentsUnreadable(
            f"the target answers {path} with HTTP {answer.status_code}; mend [docs] openapi"
        )
    return answer.content


def _kept(source_folder: Path, place: str) -> bytes:
    found = DocumentTree(source_folder).inside(place)
    if found is None or not found.is_file():
        raise DocumentsUnreadable(f"{place}: there is no such file in {source_folder}; mend [docs] openapi")
    return found.read_bytes()


def _run(
    docs: Docs, blocks: tuple[ShellBlock, ...], source_folder: Path, scratch: Path, record: Record
) -> QuickstartRun:
    tree = checkout.check_out(source_folder, scratch / "checkout")
    record.fact("checkout", f"a {tree.how}; {tree.note or 'complete'}")
    home = scratch / "home"
    make_home(home)
    env = {**scrubbed(home, os.environ, keep=docs.environment), **given(docs.env, os.environ)}
    sandbox = Sandbox(folder=tree.folder, env=env, seconds=seconds(docs.quickstart_limit))
    with ReadyProbe(docs.quickstart_ready) as probe:
        if docs.quickstart_ready and probe.is_ready():
            pytest.skip(f"{docs.quickstart_ready} answers before the quickstart began: stop what runs there")
        ready = probe.is_ready if docs.quickstart_ready else None
        return run_quickstart(blocks, sandbox, scratch / "quickstart.log", ready=ready)


def _record_run(done: QuickstartRun, blocks: tuple[ShellBlock, ...], record: Record) -> None:
    where = ""
    if done.log:
        blob = record.blob("quickstart.log", done.log.read_bytes(), "text/plain")
        where = f" (log: blobs/{blob.sha256})"
    record.fact("quickstart", f"{done.outcome} after {done.seconds:.1f} s: {done.reason}{where}")
    for block in blocks:
        if block.skipped:
            record.fact(f"block {block.number} at line {block.line} was not run", block.skipped)
    left = ", ".join(done.left)
    record.proof("nothing of the quickstart is left running", not left, left or "every process is gone")
    failed = done.outcome != "ran"
    record.measure("docs.quickstart.failures", failed, n=max(done.blocks, 1), note=done.reason + where)
