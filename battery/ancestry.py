"""Whom this process descends from: whoever ends processes never ends these."""

import os

import psutil


def own_line() -> set[int]:
    """The ids of this process, those that it descends from, and the first of all."""
    try:
        return {1, os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    except psutil.Error:
        return {1, os.getpid(), os.getppid()}
