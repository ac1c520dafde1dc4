"""Naps: processes that a test starts to see them ended, told apart from those of any other test that runs meanwhile."""

import secrets

import psutil


def nap() -> str:
    """Seconds for `sleep` that nobody else sleeps: ten minutes and a fraction of its own."""
    return f"600.{secrets.randbelow(10**12):012d}"


def napping(*words: str) -> list[int]:
    """The living processes whose command lines hold one of these words."""
    lines = ((process.pid, process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [pid for pid, line in lines if any(word in " ".join(line) for word in words)]
