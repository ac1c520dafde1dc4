"""No secret that battery.toml refers to reaches an artifact, in any spelling that is promised."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from battery.errors import UsageError
from battery.model.definition import Definition
from battery.model.target import Endpoint, Process, Target
from battery.redaction import MASK, redact, resolve, secrets_of, variables_of

DEFINITION = Definition(
    target=Target(headers={"Authorization": "env:TOKEN", "Accept": "text/html"}),
    endpoint=(Endpoint(name="a", path="/", headers={"Cookie": "env:SESSION"}),),
    process=Process(command=("x",), env={"DATABASE_URL": "env:DB", "LOG": "debug"}),
)
secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=20).filter(
    lambda text: text not in MASK and MASK not in text
)
around = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@settings(deadline=None, max_examples=300)
@given(secrets, around, around)
def test_no_secret_survives_in_any_promised_spelling(secret: str, before: str, after: str) -> None:
    raw = secret.encode()
    spellings = [
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret).replace("/", "\\/")[1:-1],
        msgspec.json.encode(secret)[1:-1].decode(),
        repr(secret)[1:-1],
        html.escape(secret),
        quote(raw),
        quote(raw, safe=""),
        quote_plus(raw),
    ]
    for spelling in spellings:
        assume(spelling not in MASK)
        masked = redact((before + spelling + after).encode(), (secret,))
        assert MASK.encode() in masked
        assert spelling.encode() not in masked.replace(MASK.encode(), b"\0")


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=9), secrets.filter(lambda text: len(text.encode()) >= 8), st.binary(max_size=9))
def test_base64_of_a_text_that_holds_the_secret_is_masked_at_any_alignment(
    before: bytes, secret: str, after: bytes
) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        masked = redact(encode(before + secret.encode() + after), (secret,))
        assert MASK.encode() in masked


def test_a_basic_authorization_header_is_masked() -> None:
    header = b"Authorization: Basic " + base64.b64encode(b"ann:correct horse battery")
    assert base64.b64encode(b"correct horse battery")[:12] not in redact(header, ("correct horse battery",))
    assert MASK.encode() in redact(header, ("correct horse battery",))


def test_the_longest_secret_goes_first() -> None:
    assert redact(b"abcdefgh abcd", ("abcd", "abcdefgh")) == b"[redacted] [redacted]"


def test_lower_case_percent_signs_are_masked_too() -> None:
    assert redact(b"x=a%2fb%2fc", ("a/b/c",)) == b"x=[redacted]"


def test_without_secrets_nothing_changes() -> None:
    assert redact(b"\xff\x00abc", ()) == b"\xff\x00abc"


def test_every_variable_that_battery_toml_refers_to_is_secret_and_the_passphrase() -> None:
    assert variables_of(DEFINITION) == ("DB", "SESSION", "TOKEN")
    environ = {
        "TOKEN": "Bearer hunter2",
        "SESSION": "sssss",
        "BATTERY_KEY_PASSPHRASE": "pppp",
        "OTHER": "other",
    }
    found = secrets_of(DEFINITION, environ | {"DB": "postgresql://u:dbpass@h/x"})
    assert set(found) == {"Bearer hunter2", "hunter2", "sssss", "pppp", "postgresql://u:dbpass@h/x", "dbpass"}


def test_secrets_that_are_too_short_or_no_url_are_taken_as_they_are() -> None:
    assert secrets_of(DEFINITION, {"TOKEN": "abc", "SESSION": "http://[bad"}) == ("http://[bad",)


def test_a_reference_is_resolved_or_its_variable_named() -> None:
    assert resolve("plain", {}) == "plain"
    assert resolve("env:A", {"A": "x"}) == "x"
    with pytest.raises(UsageError, match="refers to the variable A, which is not set"):
        resolve("env:A", {})
