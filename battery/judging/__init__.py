"""Judging: a plan and its evidence to verdicts and a level. One pure function, `judge`."""

from battery.judging.judge import judge

__all__ = ["judge"]
