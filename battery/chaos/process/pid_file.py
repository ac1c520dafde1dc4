"""The pid file in which a target's supervisor says which process it is."""

from pathlib import Path

from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import GivenProcess
from battery.chaos.process.identity import identify

_MOST_BYTES = 64


def named_by_pid_file(file: Path) -> GivenProcess:
    """The process that a pid file names.

    Raises: ProcessFailed when the file cannot be read, holds no id, or the process does not run.
    """
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES).decode("ascii", "replace").strip()
    except OSError as error:
        raise ProcessFailed(f"the pid file {file} cannot be read: {error.strerror}") from error
    word = text.split()[0] if text else ""
    if not (word.isascii() and word.isdigit() and 1 < int(word) < 2**31):
        raise ProcessFailed(f'the pid file {file} holds {text!r}, not a process id such as "4711"')
    identity = identify(int(word))
    if identity is None:
        raise ProcessFailed(f"the pid file {file} names process {word}, which does not run")
    return GivenProcess(identity=identity, given=f"named by {file}")
