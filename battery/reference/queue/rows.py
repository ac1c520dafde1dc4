"""The SQL of jobs; each function runs on a lane and is one transaction."""

import sqlite3

from battery.reference.queue.failure import QueueFull
from battery.reference.queue.job import Acceptance, Backlog, Job, JobDraft, Totals
from battery.reference.store.connection import transaction
from battery.reference.store.failure import KeyConflict

# Jobs that are done can be asked for until so many later ones have been accepted: the file stays bounded.
KEPT = 10_000
_JOB = "SELECT id, item, pieces, state, attempts, accepted_at, finished_at, stock FROM jobs"
_BACKLOG = (
    "SELECT count(*), ifnull(sum(state = 'running'), 0), min(accepted_at) FROM jobs WHERE state <> 'done'"
)


def backlog(connection: sqlite3.Connection) -> Backlog:
    """What is accepted and not yet done."""
    return Backlog(*connection.execute(_BACKLOG).fetchone())


def accept(
    connection: sqlite3.Connection, draft: JobDraft, key: str | None, bound: float, now: float
) -> Acceptance:
    """Put a job on the disk, once for each key, unless `bound` jobs wait already.

    Raises: QueueFull, and KeyConflict when the key stands for another job.
    """
    with transaction(connection):
        if key is not None and (earlier := _with_key(connection, draft, key)):
            return Acceptance(earlier, replayed=True, backlog=backlog(connection))
        # In the transaction: however many requests come at once, the bound holds.
        if (depth := backlog(connection).depth) >= bound:
            raise QueueFull(depth, int(bound))
        row = (key, draft.item, draft.pieces, now)
        done = connection.execute(
            "INSERT INTO jobs (key, item, pieces, state, accepted_at) VALUES (?, ?, ?, 'waiting', ?)", row
        )
        number = done.lastrowid or 0
        job = Job(number, draft.item, draft.pieces, "waiting", 0, now, None, None)
        return Acceptance(job, replayed=False, backlog=backlog(connection))


def take(connection: sqlite3.Connection) -> tuple[Job | None, Backlog]:
    """The oldest job that is not done, marked as being done; one that was begun before is begun again."""
    with transaction(connection):
        row = connection.execute(f"{_JOB} WHERE state <> 'done' ORDER BY id LIMIT 1").fetchone()
        if row:
            connection.execute(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = ?", row[:1]
            )
        return Job(*row) if row else None, backlog(connection)


def finish(connection: sqlite3.Connection, number: int, now: float, kept: int = KEPT) -> tuple[bool, Backlog]:
    """Book the pieces and mark the job done, both or neither; whether this call did it.

    However often a job is begun, its effect comes with the mark that it is done: once.
    """
    with transaction(connection):
        found = connection.execute(
            "SELECT item, pieces FROM jobs WHERE id = ? AND state <> 'done'", (number,)
        ).fetchone()
        if found:
            item, pieces = found
            _book(connection, number, item, pieces, now)
            connection.execute("DELETE FROM jobs WHERE state = 'done' AND id <= ?", (number - kept,))
        return found is not None, backlog(connection)


def find(connection: sqlite3.Connection, number: int) -> Job | None:
    """The job with this id, if there is one."""
    row = connection.execute(f"{_JOB} WHERE id = ?", (number,)).fetchone()
    return Job(*row) if row else None


def totals(connection: sqlite3.Connection) -> Totals:
    """What was done in all."""
    return Totals(*connection.execute("SELECT done, booked, pieces FROM totals").fetchone())


def _book(connection: sqlite3.Connection, number: int, item: str, pieces: int, now: float) -> None:
    (stock,) = connection.execute(
        "INSERT INTO stock VALUES (?, ?)"
        " ON CONFLICT (item) DO UPDATE SET pieces = pieces + excluded.pieces RETURNING pieces",
        (item, pieces),
    ).fetchone()
    connection.execute(
        "UPDATE jobs SET state = 'done', finished_at = ?, stock = ? WHERE id = ?", (now, stock, number)
    )
    connection.execute("UPDATE totals SET done = done + 1")


def _with_key(connection: sqlite3.Connection, draft: JobDraft, key: str) -> Job | None:
    row = connection.execute(f"{_JOB} WHERE key = ?", (key,)).fetchone()
    job = Job(*row) if row else None
    if job and (job.item, job.pieces) != (draft.item, draft.pieces):
        raise KeyConflict("this Idempotency-Key was used for another job")
    return job
