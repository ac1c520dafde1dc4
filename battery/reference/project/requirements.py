"""The packages that the project needs: which are there, and in which version."""

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple, TextIO

# Nothing beside the standard library: whoever lacks a package wants to read which one, not a traceback.
ROOT = Path(__file__).resolve().parents[1]
FILES = ("requirements.txt", "requirements-test.txt")
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")


class Pin(NamedTuple):
    """A package, the version that is pinned, and the one that is installed, if any."""

    name: str
    pinned: str
    installed: str | None


def pins_in(text: str) -> list[Pin]:
    """The pins of a requirements file, each looked up among what is installed."""
    found = (_PIN.match(line) for line in text.splitlines())
    return [Pin(match[1], match[2], _installed(match[1])) for match in found if match]


def check(out: TextIO, files: Sequence[str] = FILES) -> int:
    """Tell what is missing and what stands in another version; 1 when the service cannot run."""
    status = 0
    for name in files:
        pins = pins_in((ROOT / name).read_text(encoding="utf-8"))
        missing = [pin.name for pin in pins if pin.installed is None]
        others = [f"{pin.name} {pin.installed}" for pin in pins if pin.installed not in (None, pin.pinned)]
        there = f"{len(pins) - len(missing)} of {len(pins)} packages are there"
        out.write(f"{name}: {there}" + (f", in other versions: {', '.join(others)}" if others else "") + "\n")
        if missing:
            command = f"python -m pip install --require-hashes -r {name}"
            out.write(f"{name}: missing: {', '.join(missing)}; run {command}\n")
            # What the tests need, the service does not.
            status |= int(name == FILES[0])
    return status


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
