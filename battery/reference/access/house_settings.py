"""What the environment says about callers."""

import os
from collections.abc import Mapping

import msgspec

from battery.reference.access.limit import ANONYMOUS, Quota, WrongQuota, quota_in
from battery.reference.access.listing import Listed, WrongListing, listed_in
from battery.reference.access.lockout import LOCK_SECONDS

TOKENS, USERS = "REFERENCE_TOKENS", "REFERENCE_USERS"
LIMIT, LOCKOUT = "REFERENCE_ANONYMOUS_LIMIT", "REFERENCE_LOCKOUT_SECONDS"
_LONGEST_LOCKOUT = 86_400.0


class WrongRule(ValueError):
    """A house rule in the environment that cannot be read."""


class HouseSettings(msgspec.Struct, frozen=True):
    """Who is known by token and by password, the quota of strangers, and how long a guesser is locked out."""

    tokens: tuple[Listed, ...] = ()
    users: tuple[Listed, ...] = ()
    anonymous: Quota = ANONYMOUS
    lockout_seconds: float = LOCK_SECONDS


def house_settings_in(environment: Mapping[str, str] = os.environ) -> HouseSettings:
    """What the environment gives.

    Raises: WrongRule; no secret stands in it.
    """
    try:
        tokens, users = (
            tuple(listed_in(environment.get(variable, ""), variable)) for variable in (TOKENS, USERS)
        )
    except WrongListing as error:
        raise WrongRule(str(error)) from None
    both = {one.caller.name for one in tokens} & {one.caller.name for one in users}
    if both:
        raise WrongRule(f"{', '.join(sorted(both))}: stands in {TOKENS} and in {USERS}; a name is one caller")
    return HouseSettings(tokens, users, _quota(environment), _lockout(environment))


def _quota(environment: Mapping[str, str]) -> Quota:
    try:
        return quota_in(environment[LIMIT]) if LIMIT in environment else ANONYMOUS
    except WrongQuota as error:
        raise WrongRule(f"{LIMIT}: {error}") from None


def _lockout(environment: Mapping[str, str]) -> float:
    text = environment.get(LOCKOUT, str(LOCK_SECONDS))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= _LONGEST_LOCKOUT:
        raise WrongRule(f"{LOCKOUT}: {text!r} is not a number of seconds from 0.1 to {_LONGEST_LOCKOUT:.0f}")
    return seconds
