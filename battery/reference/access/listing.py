"""Lists of callers in the environment: `name:role:tenant:secret` each, comma between them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from battery.reference.access.caller import ROLES, Caller

_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
LEAST_SECRET = 8
_FORM = "name:role:tenant:secret or name:role:tenant:secret:YYYY-MM-DD"


class WrongListing(ValueError):
    """A list that cannot be read; says which entry and why, and never repeats a secret."""


class Listed(msgspec.Struct, frozen=True):
    """One entry; a secret is not believed from its day of `expiry` (UTC) on."""

    caller: Caller
    secret: str
    expiry: datetime | None = None

    def __repr__(self) -> str:
        return f"Listed({self.caller!r}, <secret>, {self.expiry!r})"


def listed_in(text: str, variable: str) -> Iterator[Listed]:
    """The entries of a list.

    Raises: WrongListing.
    """
    names: set[str] = set()
    for number, entry in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        listed = _listed(entry.split(":"), f"{variable}, entry {number}")
        if listed.caller.name in names:
            raise WrongListing(f"{variable}, entry {number}: {listed.caller.name} stands there twice")
        names.add(listed.caller.name)
        yield listed


def _listed(parts: list[str], where: str) -> Listed:
    if len(parts) not in (4, 5):
        raise WrongListing(f"{where}: {len(parts)} parts between colons; expected {_FORM}")
    name, role, tenant, secret = parts[:4]
    if not (_WORD.fullmatch(name) and _WORD.fullmatch(tenant)):
        raise WrongListing(f"{where}: name and tenant take 1 to 64 letters, digits, dots, dashes")
    if role not in ROLES:
        raise WrongListing(f"{where}: its role is none of {', '.join(ROLES)}")
    if len(secret) < LEAST_SECRET or not secret.isascii() or not secret.isprintable():
        raise WrongListing(f"{where}: its secret needs at least {LEAST_SECRET} printable ASCII characters")
    expiry = _expiry(parts[4], where) if len(parts) == 5 else None
    return Listed(Caller(name, role, tenant), secret, expiry)


def _expiry(text: str, where: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise WrongListing(f"{where}: its expiry must be a day such as 2026-12-31") from None
