"""The chaos table: one row a fault, with its proof, its times and whether its scenario passes."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from battery.report.legible import fitted, legible

_HEAD = ("scenario", "fault", "detect", "first success", "recovery", "verdict", "proof")
_STYLES = {"pass": "green", "fail": "bold red", "undecided": "yellow"}


def render_chaos(rows: Sequence[Sequence[str]], stream: TextIO, *, colour: bool) -> None:
    """Each row: scenario, fault, detect, first success, recovery, verdict, proof."""
    console = Console(file=stream, no_color=not colour, highlight=False, width=None if colour else 180)
    table = Table(box=None, pad_edge=False, header_style="bold" if colour else "")
    for name in _HEAD:
        table.add_column(name, overflow="fold")
    for row in rows:
        cells = [Text(fitted(legible(cell), stream.encoding)) for cell in row]
        cells[5].stylize(_STYLES.get(row[5], ""))
        table.add_row(*cells)
    console.print(table)
