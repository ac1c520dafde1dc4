"""The Markdown summary: a run on one page that fits the job summary of a CI system."""

import re
from collections.abc import Iterable, Iterator

from battery.model.run import Run
from battery.model.verdict import GateVerdict
from battery.report.capability_table import HEAD, capability_sentence, capability_texts
from battery.report.exception_text import change_sentence, changes, loosened_sentence, waiver_texts
from battery.report.gate_text import RuleText, gate_reason, troubles
from battery.report.headline import (
    BASELINE_MEANING,
    MARKS,
    level_reasons,
    particulars,
    result_sentence,
    tag,
)
from battery.report.legible import legible

# Bytes for each part; together below 64 KiB, so that a flood in one part leaves room for the others.
_HEAD, _DETAILS, _CAPABILITIES, _EXCEPTIONS, _PROOF = 24_000, 19_000, 5_000, 8_000, 6_000
_CELL = 300
_ACTIVE = re.compile(r"[\\`*_\[\]|~#]")
# Entities where a backslash would not do: HTML, and what GitHub turns into mentions, links and formulas.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;", "://": "&#58;//"}


def markdown_summary(run: Run) -> str:
    """The run as Markdown of less than 64 KiB, the result first."""
    parts = (
        (_head(run), _HEAD),
        (_details(run), _DETAILS),
        (_capabilities(run), _CAPABILITIES),
        (_exceptions(run), _EXCEPTIONS),
        (_proof(run), _PROOF),
    )
    lines = [line for part, room in parts for line in _bounded(run, part, room)]
    return "\n".join(lines) + "\n"


def escaped(text: str, longest: int = _CELL) -> str:
    """Text that Markdown shows as it stands, in a table cell too."""
    shown = legible(text, longest)
    for active, entity in _ENTITIES.items():
        shown = shown.replace(active, entity)
    return _ACTIVE.sub(_backslashed, shown)


def code(text: str, longest: int = _CELL) -> str:
    """Text as inline code, fenced by more backticks than it holds."""
    shown = legible(text, longest)
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _backslashed(match: re.Match[str]) -> str:
    # The # of a numeric entity such as &#64; is ours.
    return match[0] if match.string[max(match.start() - 1, 0)] == "&" else f"\\{match[0]}"


def _head(run: Run) -> Iterator[str]:
    mark = {"PASSED": "✅", "FAILED": "❌"}.get(run.judgement.result, "❓")
    yield f"# {tag(run)}{mark} {escaped(result_sentence(run))}"
    yield ""
    if run.is_baseline:
        yield f"> **{tag(run).strip()}: {BASELINE_MEANING}**"
        yield ""
    rows = map(_row, run.judgement.gates)
    yield from _table(run, ("gate", "verdict", "worst reason"), rows)
    yield f"- {tag(run)}**level**: {run.judgement.level}"
    for reason in level_reasons(run):
        yield f"- {tag(run)}{escaped(reason)}"
    for label, text in particulars(run):
        yield f"- {tag(run)}**{label}**: {escaped(text)}"
    yield ""


def _row(gate: GateVerdict) -> tuple[str, str, str]:
    return (
        escaped(f"{gate.gate} {gate.title}"),
        f"{MARKS[gate.status]} {gate.status}",
        escaped(gate_reason(gate)),
    )


def _details(run: Run) -> Iterator[str]:
    for gate in run.judgement.gates:
        if gate.status == "pass":
            continue
        yield f"## {tag(run)}{escaped(f'{gate.gate} {gate.title}')}: {gate.status}"
        yield ""
        for trouble in troubles(run, gate):
            yield from _trouble(run, trouble)
        yield ""


def _trouble(run: Run, trouble: RuleText) -> Iterator[str]:
    yield f"- {tag(run)}{MARKS[trouble.status]} **{escaped(trouble.name)}**"
    for label, text in trouble.fields():
        yield f"  - {tag(run)}{label}: {escaped(text)}"


def _capabilities(run: Run) -> Iterator[str]:
    rows = capability_texts(run)
    if not rows:
        return
    yield f"## {tag(run)}{capability_sentence(rows)}"
    yield ""
    cells = ((escaped(row.title), f"{row.mark} {row.status}", escaped(row.reason)) for row in rows)
    yield from _table(run, HEAD, cells)


def _exceptions(run: Run) -> Iterator[str]:
    waivers = waiver_texts(run.judgement)
    if waivers:
        yield f"## {tag(run)}Waivers"
        yield ""
        rows = ((w.state, w.name, w.owner, w.expires, w.detail) for w in waivers)
        cells = (tuple(map(escaped, row)) for row in rows)
        yield from _table(run, ("state", "waives", "owner", "until", "detail"), cells)
    if run.plan.changes:
        yield f"## {tag(run)}Changed rules"
        yield ""
        if loosened_sentence(run):
            yield f"> {tag(run)}⚠ **{loosened_sentence(run)}**"
            yield ""
        yield from (f"- {tag(run)}{escaped(change_sentence(change))}" for change in changes(run))
        yield ""


def _proof(run: Run) -> Iterator[str]:
    yield f"## {tag(run)}Verify"
    yield ""
    yield f"- {tag(run)}certificate: {code(run.certificate) if run.certificate else 'none was written'}"
    if run.verify_command:
        yield f"- {tag(run)}verify it with {code(run.verify_command, len(run.verify_command))}"


def _table(run: Run, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {tag(run)}{' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {tag(run)}{' | '.join(row)} |"
    yield ""


def _bounded(run: Run, lines: Iterable[str], room: int) -> Iterator[str]:
    """As many lines as there is room for, and a word about those left out."""
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            yield f"\n{tag(run)}More than fits here: read report.html in the run folder.\n"
            return
        yield line
