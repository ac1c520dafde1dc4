"""The prefilter of the log scan: what is found on the lines it leaves is what is found on all of them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.source.logs.engine import open_engine
from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.search import Search
from tests.unit.scan.source.conftest import KEY

FILTERED, EVERY_LINE = open_engine(KEY), open_engine(KEY, filtered=False)
TOKENS = planted(Random(5))
TOKEN = TOKENS["GitHub Token"]
PARTS = (
    *(f"calling with {token}" for token in TOKENS.values()),
    *("Authorization: Bearer abcdef123", "PASSWD=hunter2hunter2", "x-api-key: 0f1e2d3c", "Api Key: 0f1e2d3c"),
    *("refresh-token%3Dabcdefgh", "SessionID=abcdefgh", "session-id: abcdefgh", "set-cookie: a=1; Path=/"),
    *("Paſſword: hunter2hunter2", "toKen: abcdefgh", "İd_token=abcdefgh", "invalıd password"),
    *(
        "Failed Password for root",
        "AUTHENTICATION FAILURE",
        "Bad credentials",
        "Unauthorized",
        "login failed",
    ),
    *(
        '"POST /login HTTP/1.1" 401 12',
        '{"status":403}',
        "status_code= 401",
        "status 401x",
        "access denied for user",
    ),
    *(
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in f',
        "app.errors.Broken: x",
        "panic: boom",
    ),
    *("Exception: java.lang.Error", "\tat com.example.A.b(A.java:12)", "    at f (/srv/app.js:1:2)"),
    *("\u2003at com.example.A.b(A.java:12)", "thread 'main' panicked at x", "at com.example.A.b(A.java:12)"),
    *("[global]", "[2026-01-01 10:00:00] key: value", f"name = {TOKEN}", "calm", "", "\x0b", "\x1c at x"),
    *('{"request_id":"c2ce6f447ed4d57b1e2feb89414c343c","peer":"203.0.114.9"}', "aws_secret_access_key = "),
)
LINES = st.lists(st.sampled_from(PARTS) | st.text(max_size=12), max_size=12)


def both(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    assert FILTERED("app.log#0", content) == EVERY_LINE("app.log#0", content)


@pytest.mark.parametrize("part", PARTS)
def test_a_line_alone_gives_what_it_gives_to_every_rule(part: str) -> None:
    both(f"calm\n{part}\ncalm\n")


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_log_gives_what_the_search_of_every_line_gives(lines: list[str], end: str) -> None:
    both(end.join(lines) + end)


@given(LINES)
def test_lines_written_into_each_other_give_the_same_as_well(lines: list[str]) -> None:
    both(" ".join(lines) + "\n" + "".join(lines))


def test_kinds_that_every_line_of_a_log_would_have_are_left_out_of_the_search_and_no_other() -> None:
    line = f"tag 'c2ce6f447ed4d57b1e2feb89414c343c' of {TOKEN}\n"
    kinds = {secret.kind for secret in Search().secrets("app.log#0", line)}
    assert kinds == {"Hex High Entropy String", "GitHub Token"}
    (left,) = Search(without=frozenset(kinds - {"GitHub Token"})).secrets("app.log#0", line)
    assert left.whole == TOKEN


@given(LINES, st.booleans())
def test_no_log_breaks_the_engine_and_no_place_is_told_twice(lines: list[str], section: bool) -> None:
    text = ("[a]\n" if section else "") + "".join(f"k{n} = {line}\n   more\n" for n, line in enumerate(lines))
    found = FILTERED("app.log#0", text.encode("utf-8", "surrogatepass")).found
    places = [(item.rule, item.line, item.column, item.content, item.detail) for item in found]
    assert len(places) == len(set(places))


def test_a_log_that_reads_like_a_file_of_settings_is_searched_on_its_own_lines() -> None:
    """detect-secrets takes `[time] text` for the head of a section, and looks at the values below it only."""
    lines = [f"[2026-01-01 10:00:0{n}] calling with {TOKEN}\nstep{n} = done\n" for n in range(9)]
    assert [item.line for item in FILTERED("app.log#0", "".join(lines).encode()).found] == list(
        range(1, 18, 2)
    )
    settings = f"[app]\nname = calm\naws_secret_access_key = {'aB3/dE5+' * 5}\n"
    (found,) = FILTERED("app.log#0", settings.encode()).found
    assert (found.rule, found.line) == ("logs.secret", 3)
