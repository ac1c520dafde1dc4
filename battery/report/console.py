"""The console summary: what a finished run says to a person at 2 a.m."""

import io
import os
from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from battery.model.run import Run
from battery.model.verdict import GateVerdict
from battery.report.capability_table import HEAD, CapabilityText, capability_sentence, capability_texts
from battery.report.exception_text import change_sentence, changes, loosened_sentence, waiver_texts
from battery.report.gate_text import RuleText, gate_reason, is_unmeasured, troubles
from battery.report.headline import (
    BASELINE,
    BASELINE_MEANING,
    MARKS,
    level_reasons,
    particulars,
    result_sentence,
)
from battery.report.legible import LONGEST, fitted, legible
from battery.report.next_step import NO_CHECK

_STYLES = {"pass": "green", "fail": "bold red", "undecided": "yellow"}
_RESULT_STYLES = {"PASSED": "bold green", "FAILED": "bold red", "UNDECIDED": "bold yellow"}
_WIDTH, _NARROWEST = 100, 40
_LONGEST, _LONGEST_TITLE = 300, 60
_PREFIX = f"{BASELINE} │ "


def render_console(run: Run, stream: TextIO, *, colour: bool, width: int | None = None) -> None:
    """Write the summary of a run; every line of a baseline run says so."""
    prefix = _PREFIX if run.is_baseline else ""
    columns = max(width or _terminal_width(stream), _NARROWEST) - len(prefix)
    page = io.StringIO()
    console = Console(
        file=page,
        width=columns,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
    )
    for part in _parts(run):
        console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))
    stream.writelines(
        fitted(f"{prefix}{line}".rstrip(), stream.encoding) + "\n" for line in page.getvalue().splitlines()
    )
    stream.flush()


def _terminal_width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _WIDTH
    except (OSError, ValueError):  # no terminal, or no file at all
        return _WIDTH


def _parts(run: Run) -> Iterator[RenderableType]:
    yield from _heading(run)
    if run.judgement.gates:
        yield _gates(run)
    troubled = [gate for gate in run.judgement.gates if gate.status != "pass"]
    unmeasured = [gate for gate in troubled if is_unmeasured(run, gate)]
    for gate in troubled:
        if gate not in unmeasured:
            yield from _gate(run, gate)
    yield from _unmeasured(unmeasured)
    yield from _capabilities(capability_texts(run))
    yield from _exceptions(run)
    yield from _proof(run)


def _heading(run: Run) -> Iterator[RenderableType]:
    yield Text("")
    if run.is_baseline:
        yield Text(f"{BASELINE} RUN: {BASELINE_MEANING}", style="bold yellow")
    yield Text(result_sentence(run), style=_RESULT_STYLES[run.judgement.result])
    yield Text("")
    level = "\n".join((run.judgement.level, *map(legible, level_reasons(run))))
    about = [(label, legible(text, _LONGEST)) for label, text in particulars(run)]
    yield _labelled([("level", level), *about])
    yield Text("")


def _gates(run: Run) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("gate", max_width=24, overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("worst reason", overflow="fold", ratio=1)
    for gate in run.judgement.gates:
        title = Text(legible(f"{gate.gate} {gate.title}", _LONGEST_TITLE))
        verdict = Text(f"{MARKS[gate.status]} {gate.status}", style=_STYLES[gate.status])
        table.add_row(title, verdict, Text(legible(gate_reason(gate), _LONGEST)))
    return table


def _gate(run: Run, gate: GateVerdict) -> Iterator[RenderableType]:
    yield Text("")
    yield Text(
        legible(f"{gate.gate} {gate.title}", _LONGEST_TITLE) + f": {gate.status}", style=_STYLES[gate.status]
    )
    for trouble in troubles(run, gate):
        yield from [_folded(run, trouble)] if len(trouble.rules) > 1 else _block(run, trouble)


def _folded(run: Run, trouble: RuleText) -> RenderableType:
    """Rules that are undecided for one reason: a screen is too dear for one block each."""
    more = [
        f"{label}: {text}" for label, text in trouble.fields(f"{run.folder}/") if text not in trouble.reason
    ]
    said = "; ".join([f"{trouble.name}: {trouble.reason}", *more])
    return _item(MARKS[trouble.status], said, _STYLES[trouble.status], LONGEST)


def _block(run: Run, trouble: RuleText) -> Iterator[RenderableType]:
    yield _item(MARKS[trouble.status], trouble.name, _STYLES[trouble.status])
    fields = dict(trouble.fields(f"{run.folder}/"))
    if trouble.measure == trouble.name:
        del fields["measure"]
    if trouble.status == "fail":
        del fields["reason"]  # value and limit say the same
    yield Padding(
        _labelled([(label, legible(text, _LONGEST)) for label, text in fields.items()]), (0, 0, 0, 4)
    )


def _unmeasured(gates: Sequence[GateVerdict]) -> Iterator[RenderableType]:
    """Gates that wait for checks to exist: their reasons stand in the table, one next step will do."""
    if gates:
        yield Text("")
        yield Text(f"not measured: {', '.join(gate.gate for gate in gates)}", style=_STYLES["undecided"])
        yield Padding(_labelled([("next step", NO_CHECK)]), (0, 0, 0, 4))


def _capabilities(rows: tuple[CapabilityText, ...]) -> Iterator[RenderableType]:
    if not rows:
        return
    yield Text(f"\n{capability_sentence(rows)}", style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in HEAD[:2]:
        table.add_column(name, no_wrap=True)
    table.add_column(HEAD[2], overflow="fold", ratio=1)
    for row in rows:
        status = Text(f"{row.mark} {row.status}", style=_STYLES[row.badge])
        table.add_row(Text(row.title), status, Text(legible(row.reason, _LONGEST)))
    yield table


def _exceptions(run: Run) -> Iterator[RenderableType]:
    waivers = waiver_texts(run.judgement)
    if waivers:
        yield Text("\nwaivers", style="bold")
    for waiver in waivers:
        line = f"{waiver.state}: {waiver.name}, {waiver.owner}, until {waiver.expires}: {waiver.detail}"
        yield _item("-", line, "bold red" if waiver.state == "expired" else "")
    if run.plan.changes:
        yield Text("\nchanged rules", style="bold")
    if loosened_sentence(run):
        yield _item("!", loosened_sentence(run), "bold red")
    for change in changes(run):
        yield _item("-", change_sentence(change), "red" if change.loosened else "")


def _proof(run: Run) -> Iterator[RenderableType]:
    yield Text("")
    yield _labelled([("certificate", legible(run.certificate or "none was written"))])
    if run.verify_command:
        # One line whatever its length: it is there to be copied.
        yield Text(f"verify       {legible(run.verify_command, len(run.verify_command))}", no_wrap=True)


def _labelled(rows: list[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for label, text in rows:
        table.add_row(Text(label), Text(text))
    return table


def _item(mark: str, text: str, style: str, longest: int = _LONGEST) -> RenderableType:
    """A line of a list; what wraps stays beside its mark."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_row(Text(mark), Text(legible(text, longest)), style=style)
    return Padding(table, (0, 0, 0, 2))
