"""Going on after the last end of the service, however it came."""

from pathlib import Path

from battery.reference.audit.chain import Link
from battery.reference.audit.head import WrongHead, read_head
from battery.reference.audit.verification import Broken, followed


class SetAside(Exception):
    """A log that cannot be continued; says why."""


def recover(log: Path, head: Path, key: bytes) -> tuple[Link, str]:
    """Where the chain goes on, and what was found that somebody should know; empty when all is as it was left.

    A log that does not fit its head is kept under another name, as evidence, and a new one begins.

    Raises: OSError.
    """
    if not log.exists() and not head.exists():
        return Link(), ""
    try:
        return _continued(log, head, key)
    except SetAside as reason:
        name = _set_aside(log, head)
        return Link(), f"{reason}; what was there is kept as {name}"


def _continued(log: Path, head: Path, key: bytes) -> tuple[Link, str]:
    try:
        vouched = read_head(head, key)
    except WrongHead as error:
        raise SetAside(str(error)) from None
    size = log.stat().st_size if log.exists() else 0
    if size < vouched.size:
        raise SetAside(f"{log.name} has {size} bytes, and its head vouches for {vouched.size}")
    with log.open("ab"):
        pass  # it is there from here on, if only empty
    link, cut = _tail(log, vouched, key)
    words = []
    if link.records > vouched.records:
        words.append(f"{link.records - vouched.records} records written after the head")
    if cut:
        words.append(f"{cut} bytes of an unfinished record cut off")
    return link, "; ".join(words)


def _tail(log: Path, link: Link, key: bytes) -> tuple[Link, int]:
    """What stands behind the head: whole records are as good as their codes, half of one is cut off."""
    with log.open("r+b") as file:
        file.seek(link.size)
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(link.size)
                return link, len(line)
            try:
                link = followed(line, link, key)
            except Broken as broken:
                raise SetAside(f"{log.name}, a record behind the head: {broken}") from None
    return link, 0


def _set_aside(log: Path, head: Path) -> str:
    number = 1
    while (aside := log.with_name(f"audit.broken-{number}.ndjson")).exists() or (
        aside.with_suffix(".head").exists()
    ):
        number += 1
    for file, name in ((log, aside), (head, aside.with_suffix(".head"))):
        if file.exists():
            file.rename(name)
    return aside.name
