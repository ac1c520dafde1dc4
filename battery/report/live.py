"""Live progress: a bar over the checks, the running check below it, finished ones above as lines."""

from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from battery.model.event import (
    AnyEvent,
    CheckFinished,
    CheckProgress,
    CheckStarted,
    CheckTold,
    GateJudged,
    RunFinished,
    RunStarted,
)
from battery.report.event_text import ended_text, finished_text, judged_text, started_text
from battery.report.headline import BASELINE, MARKS
from battery.report.legible import fitted, legible

_STYLES = {"✓": "green", "✗": "bold red", "?": "yellow"}
_RESULT_MARKS = {"PASSED": "✓", "FAILED": "✗", "UNDECIDED": "?"}


class LiveProgress:
    """Shows progress on a terminal and leaves only finished lines behind."""

    def __init__(self, stream: TextIO, *, colour: bool = True, width: int | None = None) -> None:
        self._stream = stream
        self._console = Console(
            file=stream,
            force_terminal=True,
            force_interactive=True,
            no_color=not colour,
            width=width,
            highlight=False,
        )
        self._tag = ""
        self._progress = Progress(
            TextColumn("{task.fields[tag]}", markup=False, style="bold yellow"),
            TextColumn("{task.description}", markup=False, table_column=_cropped(2)),
            BarColumn(bar_width=None, complete_style="cyan", table_column=Column(ratio=2, min_width=8)),
            TextColumn("{task.fields[note]}", markup=False, table_column=_cropped(3)),
            TimeElapsedColumn(),
            _TimeLeft(),
            console=self._console,
            transient=True,
            expand=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._overall = self._progress.add_task("checks", total=None, visible=False, tag="", note="", kept=0)
        self._running: TaskID | None = None
        self._finished = 0

    def __call__(self, event: AnyEvent) -> None:
        """Show one event."""
        match event:
            case RunStarted():
                self._start(event)
            case CheckStarted():
                self._begin(event)
            case CheckProgress():
                self._advance(event)
            case CheckTold():
                self._line("", f"{event.check}: {event.text}")
            case CheckFinished():
                self._end(event)
            case GateJudged():
                self._line(MARKS[event.status], judged_text(event))
            case RunFinished():
                self.close()
                self._line(_RESULT_MARKS[event.result], ended_text(event))

    def close(self) -> None:
        """Take the bars away; the lines stay."""
        self._progress.stop()

    def _start(self, event: RunStarted) -> None:
        self._tag = BASELINE if event.mode == "baseline" else ""
        self._finished = event.resumed
        self._line("", started_text(event))
        self._progress.start()
        self._progress.update(
            self._overall,
            total=event.checks,
            completed=event.resumed,
            visible=True,
            tag=self._tag,
            note=f"{event.resumed}/{event.checks}",
            kept=event.resumed,
        )

    def _begin(self, event: CheckStarted) -> None:
        self._forget_running()
        self._running = self._progress.add_task(
            self._shown(event.check), total=1.0, tag=self._tag, note=self._shown(event.title)
        )

    def _advance(self, event: CheckProgress) -> None:
        if self._running is None:
            return
        fraction = min(max(event.fraction, 0.0), 1.0)
        note = self._shown(f"{fraction:.0%} {event.text}")
        self._progress.update(self._running, completed=fraction, note=note)
        self._progress.update(self._overall, completed=self._finished + fraction)

    def _end(self, event: CheckFinished) -> None:
        self._forget_running()
        self._finished += 1
        total = self._progress.tasks[0].total
        note = f"{self._finished}/{total:g}" if total else str(self._finished)
        self._progress.update(self._overall, completed=self._finished, note=note)
        marks = {"measured": "✓", "skipped": "?"}
        self._line(marks.get(event.status, "✗"), finished_text(event))

    def _forget_running(self) -> None:
        if self._running is not None:
            self._progress.remove_task(self._running)
            self._running = None

    def _line(self, mark: str, text: str) -> None:
        """A line that stays; wrapped here, so that each part of it carries the tag."""
        lead = (f"{fitted(mark, self._stream.encoding)} " if mark else "", _STYLES.get(mark, ""))
        shown = Text.assemble(lead, self._shown(text))
        prefix = Text.assemble((f"{self._tag} " if self._tag else "", "bold yellow"))
        parts = shown.wrap(self._console, self._console.width - len(prefix))
        self._console.print(Text("\n").join(prefix + part for part in parts), soft_wrap=True)

    def _shown(self, text: str) -> str:
        return fitted(legible(text), self._stream.encoding)


class _TimeLeft(ProgressColumn):
    """The time left if the rest goes on as the checks of this run did; kept ones took none of it."""

    def render(self, task: Task) -> Text:
        """The estimate beside the overall bar, nothing beside others."""
        if "kept" not in task.fields or task.finished:
            return Text("")
        done = task.completed - task.fields["kept"]
        if not task.total or not task.elapsed or done <= 0:
            return Text("time left unknown", style="dim", no_wrap=True)
        minutes, seconds = divmod(round(task.elapsed * (task.total - task.completed) / done), 60)
        return Text(f"{minutes}:{seconds:02} left", no_wrap=True)


def _cropped(ratio: int) -> Column:
    """A column that gives way: a bar that wraps would move the screen at each refresh."""
    return Column(ratio=ratio, no_wrap=True, overflow="crop")
