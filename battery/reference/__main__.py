"""`python -m battery.reference`: open the data, listen, announce, serve."""

import sys
from contextlib import closing

from battery.reference.announcement import announce, announcement, withdraw
from battery.reference.app import build_app
from battery.reference.log import logging_to
from battery.reference.parent import end_with_parent
from battery.reference.serving import exit_on_signals, listen, serve
from battery.reference.settings import Settings, read_settings
from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable


def main() -> int:
    """Run the service; 0 after a signal, 1 when it cannot serve."""
    settings = read_settings()
    exit_on_signals()
    if settings.end_with_stdin:
        end_with_parent()
    try:
        with logging_to(settings.log):
            _run(settings)
    except (OSError, StoreUnavailable) as error:
        sys.stderr.write(f"cannot serve: {error}\n")
        return 1
    return 0


def _run(settings: Settings) -> None:
    withdraw(settings.port_file)
    with closing(Database(settings.data)) as database, listen(settings.host, settings.port) as listener:
        here = announcement(settings.host, listener.getsockname()[1])
        serve(build_app(database), listener, lambda: announce(here, settings.port_file))


if __name__ == "__main__":
    sys.exit(main())
