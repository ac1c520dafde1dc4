"""The log scan's canaries: a secret, a credential, an error and a burst, made up anew for each scan."""

from random import Random

from battery.scan.source.logs.bursts import FEWEST
from battery.scan.source.pool_canary import Plant
from battery.scan.source.secrets.canary import planted

_FILE = "canary.log"
_KIND = "GitHub Token"


def plant(random: Random) -> Plant:
    """A log with one of each."""
    failures = [f"2026-01-01T00:00:{second:02} login failed for canary" for second in range(FEWEST)]
    lines = [
        f"2026-01-01T00:00:00 calling with {planted(random)[_KIND]}",
        f"2026-01-01T00:00:00 Authorization: Basic {random.randbytes(9).hex()}",
        "Traceback (most recent call last):",
        '  File "canary.py", line 1, in <module>',
        "ValueError: canary",
        *failures,
    ]
    rules = ("secret", "credential", "stack-trace", "auth-failure-burst")
    return Plant(
        files={_FILE: "\n".join(lines) + "\n"}, expected={rule: (_FILE, f"logs.{rule}") for rule in rules}
    )
