"""Tokens, passwords and sessions."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from battery.reference.access.caller import Caller
from battery.reference.access.listing import Listed
from battery.reference.access.sessions import COOKIE, MOST, SECONDS, Sessions, session_cookie, session_in
from battery.reference.access.tokens import Tokens
from battery.reference.access.users import Users

ANN, BOB = Caller("ann", "admin", "north"), Caller("bob", "reader", "south")
LAST_DAY = datetime(2026, 5, 2, tzinfo=UTC)
LISTED = (Listed(ANN, "secret-of-ann"), Listed(BOB, "secret-of-bob", LAST_DAY))


def test_a_token_has_one_holder() -> None:
    tokens = Tokens(LISTED, lambda: datetime(2026, 5, 1, 23, 59, tzinfo=UTC))
    assert (tokens.holder(b"secret-of-ann"), tokens.holder(b"secret-of-bob")) == (ANN, BOB)
    assert tokens.callers == (ANN, BOB)


@given(st.binary())
def test_no_other_token_is_believed(token: bytes) -> None:
    known = {one.secret.encode() for one in LISTED}
    assert token in known or Tokens(LISTED).holder(token) is None


def test_a_secret_is_not_believed_from_its_last_day_on() -> None:
    assert Tokens(LISTED, lambda: LAST_DAY).holder(b"secret-of-bob") is None
    assert Users(LISTED, lambda: LAST_DAY).caller("bob", "secret-of-bob") is None


def test_nobody_is_known_where_nobody_is_listed() -> None:
    assert (bool(Tokens()), bool(Users()), Tokens().holder(b"")) == (False, False, None)


def test_name_and_password_must_fit_each_other() -> None:
    users = Users(LISTED, lambda: datetime(2026, 5, 1, tzinfo=UTC))
    assert users.caller("ann", "secret-of-ann") == ANN
    assert users.caller("bob", "secret-of-ann") is None
    assert users.caller("cid", "secret-of-ann") is None
    assert users.caller("ann", "\ud800") is None
    assert (users.knows("ann"), users.knows("cid")) == (True, False)


def test_roles_include_those_below_them() -> None:
    assert [ANN.may("reader"), ANN.may("writer"), ANN.may("admin")] == [True, True, True]
    assert [BOB.may("reader"), BOB.may("writer"), BOB.may("admin")] == [True, False, False]


def test_a_session_ends_by_itself_by_logout_and_with_all_others() -> None:
    now = 0.0
    sessions = Sessions(lambda: now)
    first, second = sessions.begin(ANN), sessions.begin(BOB)
    assert (sessions.holder(first), sessions.holder(second), sessions.holder("x")) == (ANN, BOB, None)
    sessions.end(second)
    assert sessions.holder(second) is None
    now = SECONDS
    assert sessions.holder(first) is None
    third = sessions.begin(ANN)
    assert (len(sessions), sessions.end_all(), sessions.holder(third)) == (1, 1, None)


def test_the_oldest_session_makes_room() -> None:
    sessions = Sessions(lambda: 0.0)
    first = sessions.begin(ANN)
    others = [sessions.begin(BOB) for _ in range(MOST)]
    assert (len(sessions), sessions.holder(first), sessions.holder(others[-1])) == (MOST, None, BOB)


def test_the_cookie_of_a_session_goes_to_nobody_else() -> None:
    cookie = session_cookie("abc")
    assert cookie.startswith("__Host-session=abc; ")
    assert cookie.endswith("Path=/; Secure; HttpOnly; SameSite=Strict")
    assert session_in(f"a=b; {COOKIE}=abc; c=d") == session_in(f'a@b=c; {COOKIE}="abc"') == "abc"
    assert session_in(f"x{COOKIE}=abc; {COOKIE}x=abc") is None


@given(st.text())
def test_any_cookie_header_is_read(text: str) -> None:
    found = session_in(text)
    assert found is None or COOKIE in text
