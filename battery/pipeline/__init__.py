"""The composition root: plan, run, judge, certify, report."""

from battery.pipeline.preparing import Choices, prepare
from battery.pipeline.reports import write_reports
from battery.pipeline.running import execute, measure, read_run, staged

__all__ = ["Choices", "execute", "measure", "prepare", "read_run", "staged", "write_reports"]
