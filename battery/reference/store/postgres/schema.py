"""The tables in PostgreSQL."""

from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.postgres.driver import Sql
from battery.reference.store.schema import SCHEMA_VERSION, price_list

# Two services that start together on a fresh database make its tables one after the other.
_LOCK = "SELECT pg_advisory_xact_lock(727002)"
_TABLES = """
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item text NOT NULL,
    quantity bigint NOT NULL,
    unit_price_cents bigint NOT NULL,
    created_at text NOT NULL);
CREATE TABLE answered_keys (key text PRIMARY KEY, digest bytea NOT NULL, answer bytea NOT NULL);
CREATE TABLE prices (item text NOT NULL, day bigint NOT NULL, cents bigint NOT NULL, PRIMARY KEY (item, day));
CREATE TABLE records (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run text NOT NULL,
    id text NOT NULL);
CREATE TABLE probe (one integer PRIMARY KEY CHECK (one = 1), writes bigint NOT NULL);
INSERT INTO probe VALUES (1, 0);
CREATE TABLE schema_version (version integer NOT NULL);
"""


async def prepare(connection: Sql, *, unique_records: bool = True) -> None:
    """Create the tables in a fresh database.

    Raises: StoreUnavailable when the database was made by another version of this service.
    """
    async with connection.transaction():
        await connection.execute(_LOCK)
        if await connection.fetchval("SELECT to_regclass('schema_version')") is None:
            await _create(connection, unique_records)
            return
        found = await connection.fetchval("SELECT version FROM schema_version")
        if found != SCHEMA_VERSION:
            raise StoreUnavailable(f"the database has schema {found}, this service needs {SCHEMA_VERSION}")


async def _create(connection: Sql, unique_records: bool) -> None:
    await connection.execute(_TABLES)
    unique = "UNIQUE" if unique_records else ""
    await connection.execute(f"CREATE {unique} INDEX records_by_key ON records (run, id)")
    await connection.executemany("INSERT INTO prices VALUES ($1, $2, $3)", list(price_list()))
    await connection.execute("INSERT INTO schema_version VALUES ($1)", SCHEMA_VERSION)
