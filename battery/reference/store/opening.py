"""Which store: PostgreSQL where an address says so, SQLite else."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from battery.reference.store.database import Database
from battery.reference.store.failure import StoreUnavailable
from battery.reference.store.interface import Store

_SCHEMES = ("postgresql", "postgres")


def open_store(folder: Path, url: str = "", *, unique_records: bool = True, leaky: bool = False) -> Store:
    """The store over `url`, or over a file in `folder`; a defect wants records doubled or its pool leaky.

    Raises: OSError or StoreUnavailable when that is not possible.
    """
    if not url:
        return Database(folder, unique_records=unique_records)
    if not _is_understood(url):
        # It is not shown: there may be a password in it.
        raise StoreUnavailable(
            "DATABASE_URL cannot be understood: write postgresql://user@host:port/name, or unset it for SQLite"
        )
    if find_spec("asyncpg") is None:
        raise StoreUnavailable("PostgreSQL needs asyncpg: pip install 'hardening-battery[postgresql]'")
    from battery.reference.defects.pool_leak import LeakyPool
    from battery.reference.pool.pool import Pool
    from battery.reference.store.postgres.store import PostgresStore

    return PostgresStore(url, folder, unique_records=unique_records, pool=LeakyPool if leaky else Pool)


def _is_understood(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        return parts.scheme in _SCHEMES and parts.port != 0
    except ValueError:
        return False
