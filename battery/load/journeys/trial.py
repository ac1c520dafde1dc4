"""The trial of a locustfile: `python -m battery.load.journeys.trial FILE URL` imports it and exits with 64 if it cannot be used."""

from battery.load.journeys import patched  # noqa: F401 -- first: it patches the process for gevent  # isort: skip

import sys

from battery.load.journeys.loading import BadLocustfile, user_classes

BAD_LOCUSTFILE = 64
_ANY_DEADLINE = 5.0


def main() -> int:
    """Import; the traceback and one line on stderr say why it cannot be used."""
    try:
        user_classes(sys.argv[1], sys.argv[2], _ANY_DEADLINE)
    except BadLocustfile as error:
        sys.stderr.write(f"{error.trace}{error}\n")
        return BAD_LOCUSTFILE
    return 0


if __name__ == "__main__":
    sys.exit(main())
