"""What the assessment found wrong in scanners, each as the case that showed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.source.code.engine import open_engine as open_code
from battery.scan.source.configuration.engine import open_engine as open_configuration
from battery.scan.source.logs.engine import open_engine as open_logs
from battery.scan.source.secrets.engine import open_engine as open_secrets
from battery.scan.source.secrets.placeholder import is_placeholder
from battery.scan.target.leak_signs import leaks_in, versions_in
from battery.scan.target.tls_certificate import matches

KEY = b"a key of the tests"
CODE, CONFIGURATION = open_code(KEY), open_configuration(KEY)
LOGS, SECRETS = open_logs(KEY), open_secrets(KEY)
TOKEN = "gh" + "p_"


def rules(engine: object, name: str, text: str) -> set[str]:
    return {found.rule for found in engine(name, text.encode()).found}  # type: ignore[operator] # an engine is called


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("import flask\nasyncio.run(a(), debug=True)\n", "code.B201.other"),
        ("import flask\napp.run(debug=True)\n", "code.B201"),
        ('raise ValueError(f"select one of {a} from the list")\n', "code.B608.message"),
        ('logger.info(f"update {a} and set it again")\n', "code.B608.message"),
        ('raise Failed(cursor.execute(f"select {a} from t"))\n', "code.B608"),
        ('q = f"select {a} from t"\n', "code.B608"),
    ],
)
def test_code_that_only_reads_like_a_defect_has_a_milder_rule(text: str, rule: str) -> None:
    assert rules(CODE, "a.py", text) & {"code.B201", "code.B201.other", "code.B608", "code.B608.message"} == {
        rule
    }


def test_a_placeholder_has_a_milder_rule_and_a_random_token_has_not() -> None:
    random = "Zk3vQ9xTb7LmP2sWc8RfY4hJd6NgA1eUoXiB"
    assert rules(SECRETS, "a.txt", f"use {TOKEN}{random} here\n") == {"secrets.github-token"}
    assert rules(SECRETS, "a.txt", f"use {TOKEN}{'x' * 36} here\n") == {"secrets.placeholder"}
    assert rules(LOGS, "a.log", f"use {TOKEN}{'x' * 36} here\n") == set()


@pytest.mark.parametrize(
    "text", ["AKIA" + "IOSFODNN7EXAMPLE", "abcdefgh12", "replacemewithit", "00000000", "your-api-key"]
)
def test_what_says_that_it_is_none_is_a_placeholder(text: str) -> None:
    assert is_placeholder(text)


@given(st.text("abcdefghijkmnpqrstuvwxyz23456789", max_size=7))
def test_a_short_text_without_such_a_word_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (".env", "PASSWORD_RESET_URL=https://a.example/reset", set()),
        (".env", "TOKEN_TTL_SECONDS=86400000", set()),
        (".env", "PRIVATE_KEY_PATH=/etc/a/server.pem", set()),
        (".env", "TOKEN_URL=https://a:" + "Zk3vQ9xTb7@b.example/", {"secret-in-env-file"}),
        (".env", "API_TOKEN=Zk3vQ9xTb7Lm", {"secret-in-env-file"}),
        ("en.yaml", "form:\n  password: Password\n", set()),
        ("app.yaml", "db:\n  password: password\n", {"default-credentials"}),
        ("app/settings.py", "CSRF_COOKIE_HTTPONLY = False\n", set()),
        ("app/settings.py", "CSRF_COOKIE_SECURE = False\n", {"cookie-flag-off"}),
        ("app/settings.py", "SESSION_COOKIE_HTTPONLY = False\n", {"cookie-flag-off"}),
        ("pip.conf", "[global]\ntrusted-host = a.example\n", {"tls-verification-off"}),
        (".env", "PIP_TRUSTED_HOST=a.example\n", {"tls-verification-off"}),
        ("app.yaml", "url: postgresql://a@127.0.0.1:5432/b?sslmode=disable\n", set()),
        ("app.yaml", "url: postgresql://a@db.example/b?sslmode=disable\n", {"database-without-tls"}),
    ],
)
def test_settings_are_judged_by_what_they_hold(name: str, text: str, expected: set[str]) -> None:
    assert rules(CONFIGURATION, name, text) == {f"configuration.{rule}" for rule in expected}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a:\n  origins: {allow_origins: ['*']}\n  allow_credentials: true\n", "cors-wildcard-credentials"),
        ("a:\n  allow_origins: ['*']\n  allow_credentials: true\n", "cors-wildcard-credentials"),
        ("a:\n  allow_origins: ['*']\nb:\n  allow_credentials: true\n", "cors-wildcard"),
    ],
)
def test_credentials_count_for_the_origins_that_they_stand_with(text: str, rule: str) -> None:
    assert rules(CONFIGURATION, "app.yaml", text) == {f"configuration.{rule}"}


@pytest.mark.parametrize(
    "line",
    [
        "invalid password: attempt 3 of 5",
        "field password: required",
        "authorization: header missing from the request",
        "secret: rotated by nightly",
        "the APARTMENT" + "HOUSES are full",
    ],
)
def test_a_sentence_in_a_log_gives_no_credential_away(line: str) -> None:
    assert rules(LOGS, "a.log", line + "\n") == set()


@pytest.mark.parametrize(
    "line", ["password: hunter2hunter2", "password: correcthorse user=bob", "secret: 'required'"]
)
def test_a_value_in_a_log_does(line: str) -> None:
    assert rules(LOGS, "a.log", line + "\n") == {"logs.credential"}


@pytest.mark.parametrize(
    "text",
    [
        "Unhandled exception. System.Exception: x\n   at A.B.Run(String a) in /src/a.cs:line 3\n",
        "thread 'main' panicked at src/a.rs:3:5:\nx\n",
        "thread 'tokio-worker' (12) panicked at src/a.rs:3:5:\n",
    ],
)
def test_traces_of_more_languages_are_errors_that_nobody_handled(text: str) -> None:
    assert rules(LOGS, "a.log", text) == {"logs.stack-trace"}


def test_an_article_about_a_debugger_is_no_debug_page() -> None:
    assert leaks_in("<h1>How the Werkzeug Debugger works</h1>") == ()
    assert leaks_in("<p>Whoops! There was an error. Please come back later.") == ()
    assert leaks_in('<div class="Whoops container">')[0].rule == "target.errors.debug-page"
    assert leaks_in("<title>KeyError: 1 // Werkzeug Debugger</title>")[0].rule == "target.errors.debug-page"


@pytest.mark.parametrize(
    ("header", "tells"),
    [
        (("via", "HTTP/1.1 edge"), False),
        (("server", "Jetty(9.4.1)"), True),
        (("server", "nginx/1.2.3"), True),
    ],
)
def test_a_protocol_is_no_product_with_a_version(header: tuple[str, str], tells: bool) -> None:
    assert bool(versions_in((header,))) is tells


def test_a_star_in_a_certificate_stands_for_no_part_of_an_address() -> None:
    assert not matches("*.0.0.1", "127.0.0.1")
    assert matches("127.0.0.1", "127.0.0.1")
    assert matches("::1", "0:0:0:0:0:0:0:1")
    assert matches("*.example.org", "www.example.org")
