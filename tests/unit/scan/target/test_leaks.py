"""Leaks: stack traces of many languages, debug pages, versions; and excerpts that repeat no secret."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.excerpt import excerpt_of
from battery.scan.target.leak_signs import leaks_in, versions_in


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("Python", "Traceback (most recent call last):\n  File"),
        ("Java", "java.lang.NullPointerException\n\tat com.shop.Cart.total(Cart.java:42)"),
        ("JavaScript", "TypeError: x\n    at handler (/srv/app/index.js:10:5)"),
        (".NET", "   at Shop.Cart.Total(Int32 id) in C:\\src\\Cart.cs:line 42"),
        ("PHP", "Fatal error: Uncaught Exception: x in /var/www/index.php"),
        ("Ruby", "/srv/app/cart.rb:10:in `total'"),
        ("Go", "panic: x\n\ngoroutine 1 [running]:"),
        ("Rust", "thread 'main' panicked at src/main.rs"),
        ("SQL", "You have an error in your SQL syntax near"),
    ],
)
def test_a_stack_trace_is_known_in_every_language(what: str, text: str) -> None:
    (leak,) = leaks_in(f"<pre>{text}</pre>")
    assert (leak.rule, leak.what) == ("target.errors.stack-trace", what)


@pytest.mark.parametrize(
    "text",
    [
        "<title>KeyError // Werkzeug Debugger</title>",
        "You're seeing this error because you have <code>DEBUG = True</code> in your Django settings",
        "<title>Starlette Debugger</title>Traceback (most recent call last):",
        "<h1>Action Controller: Exception caught</h1>",
    ],
)
def test_a_debug_page_is_more_than_its_trace(text: str) -> None:
    assert [leak.rule for leak in leaks_in(text)] == ["target.errors.debug-page"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"error": "not found", "trace_id": "4bf92f3577b34da6"}',
        "How to read a traceback: the last line names the exception. Meet at noon (Room 4:12).",
        "See /docs/app.js for details; the server is at home.",
    ],
)
def test_ordinary_words_are_no_leak(text: str) -> None:
    assert leaks_in(text) == ()


@given(st.text(max_size=400))
def test_no_body_breaks_it(body: str) -> None:
    leaks_in(body)


@pytest.mark.parametrize(
    "piece", ["at ", "at a.", "/a.rb:1", "Fatal error: ", "in /a", "[a.Exception: ", "A B "]
)
def test_no_body_takes_long(piece: str) -> None:
    began = time.process_time()
    leaks_in(piece * (256 * 1024 // len(piece)))
    assert time.process_time() - began < 20, "the search is linear; only a quadratic one takes so long"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ((("server", "nginx/1.22.1"),), 1),
        ((("server", "nginx"),), 0),
        ((("x-powered-by", "PHP/8.1.2"), ("x-aspnet-version", "4.0")), 2),
        ((("x-powered-by", "Express"), ("date", "a/1.2.3")), 0),
    ],
)
def test_versions_are_told_by_headers(headers: tuple[tuple[str, str], ...], told: int) -> None:
    assert len(versions_in(headers)) == told


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2hunter2 x",
        "DB_PASSWORD: 'hunter2hunter2'",
        '{"api_key": "hunter2hunter2"}',
        "Authorization: Bearer hunter2hunter2",
        "postgresql://user:hunter2hunter2@db/x",
        "x hunter2hunter2hunter2hunter2hunter2 y",
    ],
)
def test_an_excerpt_repeats_no_secret(text: str) -> None:
    assert "hunter2" not in excerpt_of(text)


@given(st.text(max_size=2000))
def test_an_excerpt_is_one_short_printable_line(text: str) -> None:
    excerpt = excerpt_of(text)
    assert len(excerpt) <= 200
    assert excerpt.isprintable()
