"""A data folder as the service leaves it."""

from pathlib import Path

import pytest

from battery.reference.audit.key import own_key
from battery.reference.audit.log_file import LogFile
from battery.reference.queue.ledger import Ledger
from battery.reference.snapshots.marker import mark
from battery.reference.store.database import Database
from tests.fakes.reference_data import add_record


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two records, an audit log, an empty queue; nobody serves it."""
    folder = tmp_path / "data"
    Database(folder).close()
    Ledger(folder).close()
    add_record(folder, "first")
    add_record(folder, "second")
    log = LogFile(folder, own_key(folder))
    log.close()
    (folder / "audit.ndjson").write_bytes(b'{"seq":1}\n{"seq":2}\n')
    mark(folder)
    return folder
