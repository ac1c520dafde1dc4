"""battery.toml: what types cannot say."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.definitions.battery_toml import check_definition, check_url, load_definition
from battery.definitions.decoding import decode
from battery.definitions.toml_file import parse
from battery.errors import DefinitionError
from battery.model.definition import Definition
from tests.fakes.problems import problem_with

EXPECTED = "expected http://HOST[:PORT] or https://HOST[:PORT]"


def problem_of(toml: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        check_definition(decode(parse(toml.encode(), "f.toml"), Definition, "f.toml"), "f.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "localhost:8000",
            f'f: u: "localhost:8000" is not allowed; {EXPECTED} (did you mean "http://localhost:8000"?)',
        ),
        (
            "example.org",
            f'f: u: "example.org" is not allowed; {EXPECTED} (did you mean "http://example.org"?)',
        ),
        ("ftp://h", f'f: u: "ftp://h" is not allowed; {EXPECTED}'),
        ("http://", f'f: u: "http://" is not allowed; {EXPECTED}'),
        ("http://h:0", f'f: u: "http://h:0" has a port that nothing can listen on; {EXPECTED}'),
        ("http://h:70000", f'f: u: "http://h:70000" is not a URL: Port out of range 0-65535; {EXPECTED}'),
        ("http://h:x", "is not a URL: Port could not be cast"),
        ("http://[::1", f'f: u: "http://[::1" is not a URL: Invalid IPv6 URL; {EXPECTED}'),
        ("http://a b", f'f: u: "http://a b" holds a space or a control character; {EXPECTED}'),
        ("http://a\nb", 'f: u: "http://a\\nb" holds a space'),
        ("http://h/?q=1", f'f: u: "http://h/?q=1" has a query or fragment; {EXPECTED}'),
        ("http://h#x", "has a query or fragment"),
        ("", f'f: u: "" is not allowed; {EXPECTED}'),
    ],
)
def test_a_url_that_cannot_be_attacked_is_refused(url: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        check_url(url, "f", "u")
    assert message in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "url", ["http://u:hunter2@h", "http://hunter2@h", "u:hunter2@h", "http://u:hunter2@[bad"]
)
def test_a_url_with_a_password_is_refused_and_not_repeated(url: str) -> None:
    message = problem_of(f'[target]\nurl = "{url}"')
    assert "carries a user name or password" in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "https://h/app", "http://[::1]:80", "http://bücher.example"]
)
def test_a_sound_url_is_accepted(url: str) -> None:
    check_url(url, "f", "u")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_a_url_or_is_explained_in_one_line(text: str) -> None:
    for url in (text, f"http://{text}"):
        assert problem_with(partial(check_url, url, "f", "u")).isprintable()


@pytest.mark.parametrize(
    "toml",
    [
        '[target]\nheaders = { Authorization = "hunter2" }',
        '[target]\nheaders = { X-Api-Key = "hunter2" }',
        '[target]\nheaders = { X-Mine = "Bearer hunter2" }',
        '[[endpoint]]\nname = "a"\npath = "/"\nheaders = { Cookie = "hunter2" }',
        '[process]\npid_file = "x"\nenv = { DB_PASSWORD = "hunter2" }',
        '[process]\npid_file = "x"\nenv = { DATABASE_URL = "postgresql://u:hunter2@h/db" }',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(toml: str) -> None:
    message = problem_of(toml)
    assert message.endswith('a secret stands in the file (put it in the environment and write "env:NAME")')
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[target]\nheaders = { A = "env:" }', "target.headers.A: is not env: and the name of a variable"),
        ('[target]\nheaders = { A = "env:1 2" }', "target.headers.A: is not env: and the name of a variable"),
        ('[target]\nheaders = { "A B" = "x" }', 'target.headers."A B": is no header name'),
        ('[target]\nheaders = { A = "x\\ny" }', "target.headers.A: holds more than printable ASCII"),
        ('[target]\nheaders = { A = "é" }', "target.headers.A: holds more than printable ASCII"),
        ("[process]", "process: needs command, pid_file or restart_command"),
        ('[process]\ncommand = [" "]', "process.command[0]: names no program"),
        ('[process]\nrestart_command = [""]', "process.restart_command[0]: names no program"),
        ('[process]\npid_file = "x"\nlistens = "70000"', "process.listens"),
        ('[process]\npid_file = "x"\nlistens = "app.sock"', "process.listens"),
        ('[bootstrap]\ncommand = [""]', "bootstrap.command[0]: names no program"),
        (
            '[run]\ndeadline = "0 s"',
            'run.deadline: "0 s" is not allowed; expected more than 0 s and at most 30 d',
        ),
        ('[run]\nvalid_for = "99999 d"', "run.valid_for: "),
        ('[[dependency]]\nname = "a"\nupstream = "h:0"', 'dependency[0].upstream: "h:0" has no such port'),
        ('[[dependency]]\nname = "a"\nupstream = "h:65536"', "dependency[0].upstream: "),
        ('[[dependency]]\nname = "a"\nupstream = "http://h:1"', 'expected "HOST:PORT" without a scheme'),
        (
            '[[endpoint]]\nname = "a"\npath = "/"\n[[endpoint]]\nname = "a"\npath = "/"',
            'endpoint[1].name: the name "a" is taken already',
        ),
        (
            '[[dependency]]\nname = "a"\nupstream = "h:1"\n[[dependency]]\nname = "a"\nupstream = "h:1"',
            'dependency[1].name: the name "a" is taken already',
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_key(toml: str, message: str) -> None:
    assert message in problem_of(toml)
    assert problem_of(toml).startswith("f.toml: ")


SOUND = """
[target]
url = "http://127.0.0.1:8000"
live = "/api/health/live"
headers = { Authorization = "env:API_TOKEN", Accept = "text/html" }
identity = { path = "/version", json = "commit" }
[[endpoint]]
name = "status"
path = "/api/orders?limit=20"
class = "heavy"
expect = { status = [200, 204], body_contains = "ok" }
[process]
command = ["uvicorn", "app:app"]
env = { DATABASE_URL = "postgresql://u@{dependency.db}/app", LOG = "debug", KEY = "env:KEY" }
[[dependency]]
name = "db"
upstream = "[::1]:5432"
kind = "postgresql"
[source]
coverage = "coverage.xml"
[bootstrap]
command = ["make"]
[docs]
[gates]
limit = { "G1:coverage.line" = 85 }
[run]
deadline = "2h"
"""


def test_a_sound_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "battery.toml"
    path.write_text(SOUND)
    definition = load_definition(path)
    assert definition.endpoint[0].weight_class == "heavy"
    assert definition.gates.limit == {"G1:coverage.line": 85.0}
    assert definition.process is not None
    assert definition.process.command == ("uvicorn", "app:app")
