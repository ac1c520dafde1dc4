"""The words that master, workers and parent exchange."""

from battery.model.frozen import Frozen

# Locust message types, prefixed so that they can never be Locust's own.
HELLO, WELCOME, REFUSED, JOB, STOP, SNAPSHOT, TROUBLE = (
    f"battery-{word}" for word in ("hello", "welcome", "refused", "job", "stop", "snapshot", "trouble")
)
PROTOCOL = 1


def text(words: str) -> dict[str, str]:
    """Words as Locust's messages carry them."""
    return {"text": words}


def text_of(data: object) -> str:
    """The words in a message; nothing where it is not one of ours."""
    return str(data.get("text", "")) if isinstance(data, dict) else ""


class Said(Frozen, frozen=True, kw_only=True):
    """One line from the master to the parent: `listening`, `joined`, `refused`, `lost`, `snapshot` or `trouble`."""

    what: str
    worker: str = ""
    detail: str = ""
    port: int = 0


class Order(Frozen, frozen=True, kw_only=True):
    """One line from the parent to the master: a job for a worker, or `stop` for all."""

    what: str
    worker: str = ""
    job: str = ""


class Hello(Frozen, frozen=True, kw_only=True):
    """How a worker introduces itself; it is refused when it speaks another version."""

    speaks: str
    name: str
