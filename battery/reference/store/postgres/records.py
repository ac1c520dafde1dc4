"""The SQL of records in PostgreSQL."""

from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.postgres.driver import Sql

_INSERT = "INSERT INTO records (run, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING sequence"
_FIND = "SELECT sequence FROM records WHERE run = $1 AND id = $2 ORDER BY sequence"
_ALL = "SELECT sequence, id, run FROM records WHERE run = $1 ORDER BY sequence"


async def keep(connection: Sql, draft: RecordDraft) -> Keeping:
    """Put a record into the store, once for each id of a run.

    One statement, one commit, one round trip. The sequence is drawn inside it: a record that was acknowledged
    before another one was sent stands before it.
    """
    sequence = await connection.fetchval(_INSERT, draft.run, draft.id)
    replayed = sequence is None
    if replayed:
        sequence = await connection.fetchval(_FIND, draft.run, draft.id)
    return Keeping(Record(sequence, draft.id, draft.run), replayed)


async def kept(connection: Sql, run: str) -> list[Record]:
    """The records of a run, oldest first."""
    return [Record(*row) for row in await connection.fetch(_ALL, run)]
