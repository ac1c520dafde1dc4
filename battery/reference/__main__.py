"""`python -m battery.reference`: open the data, listen, announce, serve."""

import sys
from contextlib import closing
from pathlib import Path

from battery.reference.access.house import house_of
from battery.reference.announcement import announce, announcement, withdraw
from battery.reference.app import build_app
from battery.reference.audit.key import WrongKey, own_key
from battery.reference.audit.trail import Trail
from battery.reference.defects import doubled_writes, pool_leak, shutdown_drops
from battery.reference.defects.growing import growing
from battery.reference.dependency.opening import open_link
from battery.reference.lifecycle import Lifecycle
from battery.reference.log import logging_to
from battery.reference.parent import end_with_parent
from battery.reference.serving import exit_on_signals, inherit, listen, serve
from battery.reference.settings import Settings, read_settings
from battery.reference.snapshots.failure import SnapshotRefused
from battery.reference.snapshots.restoring import finish_interrupted
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.opening import open_store
from battery.reference.tls.choosing import chosen_context


def main() -> int:
    """Run the service; 0 after a signal, 1 when it cannot serve."""
    settings = read_settings()
    if settings.supervise:
        from battery.reference.supervisor.supervisor import supervise

        return supervise(settings)
    exit_on_signals()
    if settings.end_with_stdin:
        end_with_parent()
    try:
        with logging_to(settings.log):
            _run(settings)
    except (OSError, SnapshotRefused, StoreUnavailable, WrongKey) as error:
        sys.stderr.write(f"cannot serve: {error}\n")
        return 1
    return 0


def _run(settings: Settings) -> None:
    defects = settings.defects
    withdraw(settings.port_file, settings.pid_file)
    finish_interrupted(settings.data)
    store = open_store(
        settings.data,
        settings.database_url,
        unique_records=doubled_writes.DEFECT.name not in defects,
        leaky=pool_leak.DEFECT.name in defects,
    )
    fd = settings.listen_fd
    with (
        closing(store),
        listen(settings.host, settings.port) if fd is None else inherit(fd) as listener,
        growing(defects),
        closing(_trail(settings.data, settings.audit_key)) as trail,
    ):
        tls = chosen_context(settings.tls_cert, settings.tls_key, settings.data, defects)
        here = announcement(settings.host, listener.getsockname()[1], tls=tls is not None)
        lifecycle = Lifecycle(restarts=settings.restarts)
        serve(
            build_app(
                store,
                open_link(settings.dependency, defects),
                lifecycle,
                defects=defects,
                house=house_of(settings.house),
                trail=trail,
            ),
            listener,
            lifecycle,
            lambda: announce(here, settings.port_file, settings.pid_file),
            on_signal=shutdown_drops.exit_at_once if shutdown_drops.DEFECT.name in defects else None,
            tls=tls,
        )


def _trail(data: Path, key: bytes | None) -> Trail:
    data.mkdir(parents=True, exist_ok=True)
    return Trail(data, key or own_key(data))


if __name__ == "__main__":
    sys.exit(main())
