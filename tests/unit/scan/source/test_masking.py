"""Masking: what an excerpt may show."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.masking import Masking, mask
from battery.scan.source.secrets.search import Search

MASKING = Masking()


def test_a_mask_shows_two_characters_of_a_long_secret_and_none_of_a_short_one() -> None:
    assert mask("AKIAIOSFODNN7") == "AK***(13 characters)"
    assert mask("hunter2") == "***(7 characters)"


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ('password = "hunter2hunter2"', "hunter2"),
        ("password: hunter2hunter2", "hunter2"),
        ("DB_PASSWORD=abc", "abc"),
        ("curl -H 'Authorization: Bearer abc.def.ghi'", "abc.def"),
        ("postgres://user:s3cr3t@host/db", "s3cr3t"),
        ('{"token": "abcdef"}', "abcdef"),
        ("token = eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.signaturesignature", "signature"),
        ('k = "-----BEGIN PRIVATE " "KEY-----"', "nothing of it"),
        ("x -----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEA1234567890abcdef", "MIIEow"),
    ],
)
def test_secrets_are_hidden_wherever_they_stand_in_a_line(line: str, hidden: str) -> None:
    assert hidden not in MASKING.line(line)


@pytest.mark.parametrize(
    "line", ["subprocess.run(command, shell=True)", "assert x == 1", "requests.get(url, verify=False)"]
)
def test_ordinary_code_is_shown_as_it_is(line: str) -> None:
    assert MASKING.line(line) == line


def test_all_strings_go_where_one_of_them_is_a_secret() -> None:
    text = "login('me', \"it's me\", '''three\nlines''', x)"
    shown = MASKING.strings(text)
    assert "me" not in shown
    assert "lines" not in shown
    assert "login(" in shown


def test_a_string_that_is_not_closed_is_hidden_to_its_end() -> None:
    assert "abcdef" not in MASKING.strings("x = 'abcdef")


def test_a_line_that_spells_its_secret_otherwise_is_not_shown() -> None:
    assert MASKING.around('k: "\\x41BC"', "ABCDEFGHIJ") == "AB***(10 characters)"


def test_a_long_line_is_cut_after_it_was_masked() -> None:
    assert len(MASKING.line("x" * 1000)) == 161


@given(st.integers(0, 10_000), st.sampled_from(["{}", "x = '{}'", "{} {}", "a {},", '{"k": "{}"}']))
def test_what_is_found_on_a_line_is_masked_on_it(seed: int, shape: str) -> None:
    search = Search()
    for line in planted(Random(seed)).values():
        text = shape.replace("{}", line)
        for secret in search.secrets("a.txt", text):
            assert secret.kind == "Private Key" or secret.whole not in MASKING.line(text), text
            assert secret.kind == "Private Key" or secret.whole not in MASKING.around(text, secret.whole), (
                text
            )
