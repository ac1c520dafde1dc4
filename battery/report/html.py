"""The HTML report: a run as one self-contained page that fetches nothing and runs nothing."""

import functools
import re

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from battery.model.run import Run
from battery.report.capability_table import capability_sentence, capability_texts
from battery.report.check_text import OUTCOME_MARKS, check_texts
from battery.report.exception_text import change_sentence, changes, loosened_sentence, waiver_texts
from battery.report.gate_page import gate_page
from battery.report.headline import (
    BASELINE_MEANING,
    MARKS,
    level_reasons,
    particulars,
    result_sentence,
    tag,
)
from battery.report.legible import legible
from battery.report.quantity_text import duration, number, size

_TITLE = 80
_LISTED = 200  # findings, facts, blobs of one check; the evidence file holds them all
_RESULT_STATUS = {"PASSED": "pass", "FAILED": "fail", "UNDECIDED": "undecided"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def html_report(run: Run) -> str:
    """The run as an HTML page; links are relative to the run folder."""
    status = _RESULT_STATUS[run.judgement.result]
    capabilities = capability_texts(run)
    return _template().render(
        run=run,
        verify_command=_whole(run.verify_command),
        tag=tag(run),
        meaning=BASELINE_MEANING,
        status=status,
        sentence=result_sentence(run),
        level_reasons=level_reasons(run),
        particulars=particulars(run),
        gates=[gate_page(run, gate) for gate in run.judgement.gates],
        capabilities=capabilities,
        capability_sentence=capability_sentence(capabilities),
        checks=check_texts(run),
        waivers=waiver_texts(run.judgement),
        loosened=loosened_sentence(run),
        changes=[(change.loosened, change_sentence(change)) for change in changes(run)],
    )


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("battery.report"),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, duration=duration, size=size, clipped=legible)
    environment.tests["digest"] = _is_digest
    environment.globals.update(marks=MARKS | OUTCOME_MARKS, listed=_LISTED, title_length=_TITLE)
    return environment.get_template("report.html.j2")


def _harmless(value: object) -> object:
    """Whatever is printed, made legible; the environment escapes it afterwards."""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _whole(command: str) -> Markup:
    """A command, harmless and not clipped: it is there to be copied."""
    return escape(legible(command, len(command)))


def _is_digest(text: str) -> bool:
    """Whether a blob's name can be a file below blobs/ and nothing else."""
    return _DIGEST.fullmatch(text) is not None
