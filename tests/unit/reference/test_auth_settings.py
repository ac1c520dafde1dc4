"""What the environment says about callers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.access.caller import ROLES, Caller
from battery.reference.access.house_settings import HouseSettings, WrongRule, house_settings_in
from battery.reference.access.limit import Quota
from battery.reference.access.listing import LEAST_SECRET, Listed, WrongListing, listed_in

WORDS = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":,"), min_size=8)


@given(WORDS, st.sampled_from(ROLES), WORDS, SECRETS, st.none() | st.dates())
def test_an_entry_says_who_holds_which_secret_and_for_how_long(
    name: str, role: str, tenant: str, secret: str, expiry: object
) -> None:
    text = f"{name}:{role}:{tenant}:{secret}" + (f":{expiry}" if expiry else "")
    [listed] = listed_in(text, "V")
    assert (listed.caller.name, listed.caller.role, listed.caller.tenant) == (name, role, tenant)
    assert listed.secret == secret
    assert (listed.expiry.date() if listed.expiry else None) == expiry


@given(st.text())
def test_any_text_is_read_or_refused_without_repeating_a_secret(text: str) -> None:
    told = ""
    try:
        assert all(len(listed.secret) >= LEAST_SECRET for listed in listed_in(text, "V"))
    except WrongListing as error:
        told = str(error)
    secrets = [part for entry in text.split(",") for part in entry.split(":")[3:]]
    assert not any(len(secret) >= LEAST_SECRET and secret in told for secret in secrets)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("ann:admin:north", "3 parts"),
        ("a nn:admin:north:secret-of-ann", "name and tenant"),
        ("ann:owner:north:secret-of-ann", "its role is none of reader, writer, admin"),
        ("ann:admin:north:short", "at least 8"),
        ("ann:admin:north:sécret-of-ann", "printable ASCII"),
        ("ann:admin:north:secret-of-ann:soon", "a day such as"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused_with_its_place(entry: str, told: str) -> None:
    with pytest.raises(WrongRule, match=f"REFERENCE_TOKENS, entry 2: .*{told}"):
        house_settings_in({"REFERENCE_TOKENS": f"bob:reader:north:secret-of-bob,{entry}"})


def test_a_name_is_one_caller() -> None:
    twice = "ann:admin:north:secret-of-ann"
    with pytest.raises(WrongRule, match="ann stands there twice"):
        house_settings_in({"REFERENCE_TOKENS": f"{twice},{twice}"})
    with pytest.raises(WrongRule, match=r"ann: stands in REFERENCE_TOKENS and in REFERENCE_USERS"):
        house_settings_in({"REFERENCE_TOKENS": twice, "REFERENCE_USERS": twice})


def test_an_empty_environment_gives_the_usual_rules() -> None:
    assert house_settings_in({}) == HouseSettings()


def test_quota_and_lockout_can_be_chosen() -> None:
    chosen = house_settings_in({"REFERENCE_ANONYMOUS_LIMIT": "20:5", "REFERENCE_LOCKOUT_SECONDS": "0.5"})
    assert (chosen.anonymous, chosen.lockout_seconds) == (Quota(20, 5), 0.5)


@pytest.mark.parametrize("text", ["", "20", "0:1", "1:0", "a:b", "nan:1", "1:inf"])
def test_a_quota_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(WrongRule, match="expected BURST:RATE"):
        house_settings_in({"REFERENCE_ANONYMOUS_LIMIT": text})


@pytest.mark.parametrize("text", ["", "soon", "0", "-1", "nan", "1e9"])
def test_a_lockout_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(WrongRule, match="REFERENCE_LOCKOUT_SECONDS"):
        house_settings_in({"REFERENCE_LOCKOUT_SECONDS": text})


def test_what_is_printed_of_an_entry_holds_no_secret() -> None:
    listed = Listed(Caller("ann", "admin", "north"), "secret-of-ann", datetime(2030, 1, 1, tzinfo=UTC))
    assert "secret-of-ann" not in repr(HouseSettings((listed,)))
