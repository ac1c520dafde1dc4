"""The SQL of records; each function runs on a lane."""

import sqlite3

from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.connection import transaction

# Both the conflict and its absence are answered by the unique index, in the same transaction as the row.
_INSERT = "INSERT INTO records (run, id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING sequence"
_FIND = "SELECT sequence FROM records WHERE run = ? AND id = ? ORDER BY sequence"
_ALL = "SELECT sequence, id, run FROM records WHERE run = ? ORDER BY sequence"


def keep(connection: sqlite3.Connection, draft: RecordDraft) -> Keeping:
    """Put a record into the store, once for each id of a run."""
    key = (draft.run, draft.id)
    with transaction(connection):
        fresh = connection.execute(_INSERT, key).fetchone()
        (sequence,) = fresh or connection.execute(_FIND, key).fetchone()
    return Keeping(Record(sequence, draft.id, draft.run), replayed=fresh is None)


def kept(connection: sqlite3.Connection, run: str) -> list[Record]:
    """The records of a run, oldest first."""
    return [Record(*row) for row in connection.execute(_ALL, (run,))]
