"""What can go wrong with a Toxiproxy server; none of it says anything about the target."""

from battery.errors import BatteryError


class ToxiproxyFailed(BatteryError):
    """The server cannot be used now: what was to be measured through it is undecided."""

    exit_code = 2


class ToxiproxyUnreachable(ToxiproxyFailed):
    """The server does not answer."""


class ToxiproxyRefused(ToxiproxyFailed):
    """The server answered that it does not do what was asked; carries its words and its status."""

    def __init__(self, asked: str, status: int, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(f"Toxiproxy refused to {asked}: {words} (HTTP {status})")


class ToxiproxyUnsuitable(BatteryError):
    """What was given as the server is none, or not one of a version that is known."""

    exit_code = 64
