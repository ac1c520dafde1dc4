"""The words that master, workers and parent exchange."""

from battery.model.frozen import Frozen

# Locust message types, prefixed so that they can never be Locust's own.
HELLO, WELCOME, READY, REFUSED, JOB, STOP, SNAPSHOT, TROUBLE = (
    f"battery-{word}"
    for word in ("hello", "welcome", "ready", "refused", "job", "stop", "snapshot", "trouble")
)
PROTOCOL = 2


def text(words: str) -> dict[str, str]:
    """Words as Locust's messages carry them."""
    return {"text": words}


def text_of(data: object) -> str:
    """The words in a message; nothing where it is not one of ours."""
    return str(data.get("text", "")) if isinstance(data, dict) else ""


class Clock(Frozen, frozen=True, kw_only=True):
    """How many seconds a worker's clock is ahead of the master's, and how far that may be wrong."""

    ahead: float
    unsure: float

    @property
    def text(self) -> str:
        """The clock in words."""
        return f"{abs(self.ahead) * 1000:.1f} ms {'ahead' if self.ahead >= 0 else 'behind'} (± {self.unsure * 1000:.1f} ms)"


def clock_of(asked: float, master: float, answered: float) -> Clock:
    """From a worker's times of asking and of the answer, and the master's time between them (RFC 5905 calls it offset)."""
    return Clock(ahead=(asked + answered) / 2 - master, unsure=(answered - asked) / 2)


class Said(Frozen, frozen=True, kw_only=True):
    """One line from the master to the parent: `listening`, `joined`, `refused`, `lost`, `snapshot` or `trouble`."""

    what: str
    worker: str = ""
    detail: str = ""
    port: int = 0
    clock: Clock | None = None


class Told(Frozen, frozen=True, kw_only=True):
    """One line from a worker to the person who started it: `news`, `accepted`, `ended` (a job), `problem` or `refused`."""

    what: str
    text: str


class Order(Frozen, frozen=True, kw_only=True):
    """One line from the parent to the master: a job for a worker, or `stop` for all."""

    what: str
    worker: str = ""
    job: str = ""


class Hello(Frozen, frozen=True, kw_only=True):
    """How a worker introduces itself; it is refused when it speaks another version."""

    speaks: str
    name: str


class Welcome(Frozen, frozen=True, kw_only=True):
    """What a master answers: its version, its time, and the module of the generators that it wants."""

    speaks: str
    now: float
    generator: str


class Ready(Frozen, frozen=True, kw_only=True):
    """A welcomed worker's last word before its first job: its name, and how its clock goes."""

    name: str
    clock: Clock
