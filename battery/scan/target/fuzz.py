"""API fuzzing: schemathesis against what the target's own OpenAPI document promises."""

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from battery.scan.target.answer import Silence
from battery.scan.target.fuzz_guard import fuzz_guard
from battery.scan.target.fuzz_report import FuzzReport, rule_of
from battery.scan.target.fuzz_run import FuzzFailed, run_fuzzer
from battery.scan.target.notes import Notes
from battery.scan.target.openapi import LARGEST, Described, Unusable, read_openapi
from battery.scan.target.tool import installed
from battery.scan.target.view import Scanner, View

_USUAL_PLACES = ("/openapi.json", "/swagger.json", "/api/openapi.json", "/v3/api-docs", "/openapi.yaml")
_WHAT = "the API's operations"
_MOST_SHOWN = 5
_SAFE = ("GET", "HEAD", "OPTIONS")


async def look(view: View, notes: Notes) -> None:
    """Find the document, keep the fuzzer inside the scope, read its report."""
    try:
        data = await _document(view)
        if data is None:
            places = ", ".join(_USUAL_PLACES)
            notes.plan(_WHAT)
            notes.skip(
                _WHAT,
                f"no OpenAPI document stands at {places}: name it ([security] openapi, or openapi_file), or say why there is "
                "none ([security.not_applicable] fuzz)",
            )
            return
        described = read_openapi(data)
    except Unusable as error:
        notes.plan(_WHAT)
        notes.skip(_WHAT, str(error))
        return
    chosen = _chosen(view, notes, described)
    if not chosen:
        return
    executable = installed(view.request.schemathesis)
    if executable is None:
        notes.skip_rest(
            f"{view.request.schemathesis} is not installed; "
            "pip install 'hardening-battery[fuzz]', or leave the scanner fuzz out"
        )
        return
    await _fuzz(view, notes, described, executable, chosen)


async def _document(view: View) -> bytes | None:
    """The document's bytes; None when there is none and none was named.

    Raises: Unusable when the named one cannot be had.
    """
    request = view.request
    if request.openapi_file:
        try:
            with Path(request.openapi_file).open("rb") as file:
                return file.read(LARGEST + 1)
        except OSError as error:
            raise Unusable(f"{request.openapi_file} cannot be read: {error.strerror}") from error
    if "://" in request.openapi:
        raise Unusable(
            f"{request.openapi} is a URL; name a path on the target, or download it and name the file"
        )
    for place in (request.openapi,) if request.openapi else _USUAL_PLACES:
        outcome = await view.get(place if place.startswith("/") else f"/{place}")
        if isinstance(outcome, Silence):
            raise Unusable(f"{place}: {outcome.reason}")
        if outcome.status == 200 and outcome.cut:
            raise Unusable(f"{place} is larger than {len(outcome.body)} bytes; download it and name the file")
        if outcome.status == 200 and (request.openapi or b"paths" in outcome.body):
            return outcome.body
        if request.openapi:
            raise Unusable(f"{place} answered {outcome.status}; expected the OpenAPI document")
    return None


def _chosen(view: View, notes: Notes, described: Described) -> tuple[str, ...]:
    """The operations that may be called; the others are skipped by design."""
    if not described.operations:
        notes.plan(_WHAT)
        notes.skip(_WHAT, "the OpenAPI document describes no operation")
    notes.plan(*described.operations)
    chosen = []
    for operation in described.operations:
        if view.request.fuzz_may_write or operation.partition(" ")[0] in _SAFE:
            chosen.append(operation)
        else:
            notes.skip(operation, "it may change data; fuzz_may_write allows it", harmless=True)
    return tuple(chosen)


async def _fuzz(
    view: View, notes: Notes, described: Described, executable: str, chosen: tuple[str, ...]
) -> None:
    target = view.scope.target
    url = target.url + view.scope.prefix
    with tempfile.TemporaryDirectory(prefix="battery-fuzz-") as folder:
        async with fuzz_guard(view.client, may_write=view.request.fuzz_may_write) as guard:
            try:
                report = await run_fuzzer(
                    executable, view.request, url, guard.url, described.document, Path(folder)
                )
            except FuzzFailed as error:
                notes.skip_rest(str(error))
            else:
                _read(view, notes, report, chosen)
    if guard.spent:
        notes.incomplete.append("the budget of requests was spent before the fuzzer had finished")
    for number, refusal in enumerate(dict.fromkeys(guard.refused[:_MOST_SHOWN]), 1):
        notes.facts[f"refused {number}"] = refusal


def _read(view: View, notes: Notes, report: FuzzReport, chosen: tuple[str, ...]) -> None:
    counts = report.operations
    notes.facts["schemathesis"] = report.schemathesis_version
    notes.facts["cases"] = str(report.test_cases.generated)
    if not report.complete or counts.tested < len(chosen) or report.errors:
        ended = f"schemathesis tested {counts.tested} of {len(chosen)} operations ({report.stop_reason}"
        notes.skip_rest(f"{ended}, {len(report.errors)} errors)")
    else:
        for operation in chosen:
            notes.tried(operation)
    for failure in report.failures:
        for operation in failure.operations:
            # Verbs that the document does not know are for the scanner of methods.
            if operation in chosen:
                method, _, path = operation.partition(" ")
                notes.finding(
                    rule_of(failure),
                    f"{method} {view.scope.target.url}{view.scope.prefix}{urlsplit(path).path}",
                    content=f"{operation} {failure.type}",
                    excerpt=failure.title,
                    detail=f"seed {view.request.seed} repeats it",
                )


SCANNER = Scanner(
    name="fuzz",
    look=look,
    canaries=("target.fuzz.server-error", "target.fuzz.schema-violation", "target.fuzz.ignored-auth"),
)
