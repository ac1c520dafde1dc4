"""The house rules one by one: buckets, lockouts, sessions, sources, and what the environment says."""

import pytest

from battery.reference.access.caller import Caller
from battery.reference.access.guardian import MOST_ISOLATED, Guardian, TooMany
from battery.reference.access.house_settings import WrongRule, house_settings_in
from battery.reference.access.limit import Limiter, Quota, WrongQuota, quota_in
from battery.reference.access.lockout import Lockout
from battery.reference.access.sessions import COOKIE, SECONDS, Sessions, session_in
from battery.reference.access.source import UNKNOWN, checked_source, source_of


def test_isolation_ends_by_itself_and_is_bounded() -> None:
    now = 0.0
    guardian = Guardian(lambda: now)
    guardian.isolate("source", "s", 10)
    assert guardian.keeps_out("source", "s")
    now = 11.0
    assert not guardian.keeps_out("source", "s")
    for number in range(MOST_ISOLATED):
        guardian.isolate("identity", str(number), None)
    with pytest.raises(TooMany):
        guardian.isolate("identity", "one more", None)


def test_a_bucket_fills_again_with_time_and_the_oldest_is_forgotten() -> None:
    now = 0.0
    limiter = Limiter(Quota(1, 1), lambda: now, most_keys=1)
    assert (limiter.wait("a"), limiter.wait("a")) == (0.0, 1.0)
    assert (limiter.first_refusal("a"), limiter.first_refusal("a")) == (True, False)
    now = 2.0
    assert limiter.wait("a") == 0.0
    limiter.wait("b")
    assert limiter.wait("a") == 0.0
    with pytest.raises(WrongQuota):
        quota_in("0:x")


def test_a_lockout_ends_and_forgets() -> None:
    now = 0.0
    lockout = Lockout(5, threshold=2, clock=lambda: now)
    assert [lockout.failed("s"), lockout.failed("s")] == [False, True]
    assert lockout.left("s") == 5
    now = 6.0
    assert lockout.left("s") == 0


def test_a_session_ends_with_its_time_and_all_can_be_ended() -> None:
    now = 0.0
    sessions, anna = Sessions(lambda: now), Caller("anna", "writer", "red")
    secret = sessions.begin(anna)
    assert sessions.holder(secret) == anna
    now = SECONDS
    assert sessions.holder(secret) is None
    sessions.begin(anna)
    assert sessions.end_all() == 1
    assert session_in(f"a=b; {COOKIE}=x") == "x"
    assert session_in("\x00") is None


def test_a_source_is_an_address_or_a_network() -> None:
    assert source_of({"client": ("192.0.2.1", 1)}) == "192.0.2.1"
    assert source_of({"client": ("2001:db8::1", 1)}) == source_of({"client": ("2001:db8::2", 1)})
    assert source_of({"client": ("::ffff:192.0.2.1", 1)}) == "192.0.2.1"
    assert source_of({}) == source_of({"client": ("not:an:address", 1)}) == UNKNOWN
    assert checked_source("2001:db8::1/64") == "2001:db8::/64"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("REFERENCE_TOKENS", "a:b", "2 parts"),
        ("REFERENCE_TOKENS", "a:reader:t:secret-one,a:reader:t:secret-two", "twice"),
        ("REFERENCE_TOKENS", "a b:reader:t:secret-one", "letters"),
        ("REFERENCE_TOKENS", "a:king:t:secret-one", "role"),
        ("REFERENCE_TOKENS", "a:reader:t:short", "at least"),
        ("REFERENCE_TOKENS", "a:reader:t:secret-one:soon", "a day"),
        ("REFERENCE_ANONYMOUS_LIMIT", "many", "no limit"),
        ("REFERENCE_LOCKOUT_SECONDS", "0", "number of seconds"),
        ("REFERENCE_LOCKOUT_SECONDS", "long", "number of seconds"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_and_no_secret_with_it(name: str, value: str, reason: str) -> None:
    with pytest.raises(WrongRule, match=reason) as refused:
        house_settings_in({name: value})
    assert "secret-one" not in str(refused.value)
