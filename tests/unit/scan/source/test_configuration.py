"""The configuration scan: what breaks a rule, what does not, in every format."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.rules import scan_rules
from battery.scan.source.configuration.engine import open_engine
from battery.scan.source.configuration.judging import is_for_development
from battery.scan.source.configuration.modes import mode_findings
from battery.scan.source.configuration.reading import kind_of, settings_of
from battery.scan.source.configuration.scan import scan_configuration
from battery.scan.source.configuration.setting import spelled
from battery.scan.source.pool import Pool
from battery.scan.source.tree import tree_of
from tests.unit.scan.source.conftest import KEY, Plant

ENGINE = open_engine(KEY)


def rules(name: str, text: str) -> list[tuple[int, str]]:
    found = ENGINE(name, text.encode()).found
    assert all(item.rule in scan_rules() for item in found)
    return [(item.line, item.rule.removeprefix("configuration.")) for item in found]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (".env", "env"),
        (".env-production", "env"),
        (".env_local", "env"),
        (".envrc", "env"),
        (".flaskenv", "env"),
        (".environment", ""),
        (".envoy.md", ""),
        ("deploy/.env.production", "env"),
        ("web.env", "env"),
        ("pyproject.toml", "toml"),
        ("a.YML", "yaml"),
        ("a.json", "json"),
        ("app.conf", "ini"),
        ("app/settings.py", "python"),
        ("app/settings/base.py", "python"),
        ("config_prod.py", "python"),
        ("app/views.py", ""),
        ("environment.txt", ""),
    ],
)
def test_files_of_settings_are_known_by_their_names(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (".env", "# DEBUG=1\nexport DEBUG=true\n", [(2, "debug-on")]),
        (".env", "FLASK_ENV=development\nWERKZEUG_DEBUG_PIN=off\n", [(1, "debug-on"), (2, "debug-on")]),
        (
            ".env",
            "NODE_TLS_REJECT_UNAUTHORIZED=0\nPYTHONHTTPSVERIFY=0\n",
            [(1, "tls-verification-off"), (2, "tls-verification-off")],
        ),
        (".env", "API_TOKEN=0f1e2d3c4b5a\n", [(1, "secret-in-env-file")]),
        (".env", "DATABASE_URL=postgres://postgres:postgres@db/app\n", [(1, "default-credentials")]),
        (".env", "POSTGRES_PASSWORD=changeme\n", [(1, "default-credentials")]),
        (
            "settings.py",
            "DEBUG = True\nALLOWED_HOSTS = ['a', '*']\n",
            [(1, "debug-on"), (2, "host-wildcard")],
        ),
        ("settings.py", "class Prod:\n    SESSION_COOKIE_SECURE = False\n", [(2, "cookie-flag-off")]),
        ("settings.py", "SECRET_KEY = 'django-insecure-x'\n", [(1, "default-credentials")]),
        (
            "settings.py",
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True\n",
            [(1, "cors-wildcard-credentials")],
        ),
        (
            "settings.py",
            "app.config['DEBUG'] = True\nD = {'default': {'sslmode': 'disable'}}\n",
            [(1, "debug-on"), (2, "database-without-tls")],
        ),
        ("settings.py", "if x:\n    DEBUG: bool = True\n", [(2, "debug-on")]),
        ("a.toml", "[server]\nallow_origins = ['*']\n", [(2, "cors-wildcard")]),
        (
            "a.toml",
            "[http.tls]\nverify = false\ninsecure_skip_verify = true\n",
            [(2, "tls-verification-off"), (3, "tls-verification-off")],
        ),
        ("a.yaml", "server:\n  allowOrigins:\n    - https://a\n    - '*'\n", [(4, "cors-wildcard")]),
        (
            "a.yaml",
            "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=postgres\n",
            [(4, "default-credentials")],
        ),
        ("a.yaml", "a: 1\n---\nlogging: {debug: true}\n", [(3, "debug-switch")]),
        ("a.json", '{\n "db": {"ssl_verify": false}\n}\n', [(2, "tls-verification-off")]),
        (
            "a.ini",
            "[app]\ndebug = on\n[db]\nurl = x?sslmode=disable\n",
            [(2, "debug-switch"), (4, "database-without-tls")],
        ),
        (
            "a.ini",
            "check_hostname: no ; really\ncert_reqs = CERT_NONE\n",
            [(1, "tls-verification-off"), (2, "tls-verification-off")],
        ),
    ],
)
def test_what_opens_a_service_is_found_on_its_line(
    name: str, text: str, expected: list[tuple[int, str]]
) -> None:
    assert sorted(rules(name, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            ".env",
            "DEBUG=0\nAPI_TOKEN=\nPASSWORD=${VAULT}\nSECRET=<fill in>\nTOKEN_TTL=123\nDB_PASSWORD=your-password\n",
        ),
        (".env", "ALLOWED_HOSTS=example.com\nSSL_VERIFY=true\nVERIFY=none\n"),
        (
            "settings.py",
            "DEBUG = os.environ.get('DEBUG')\nSESSION_COOKIE_SECURE = True\ndef f():\n    DEBUG = True\n",
        ),
        ("a.toml", "[tool.x]\nverify = false\ncertificate.verification.verify = false\n"),
        ("a.yaml", "cors: {allow_origins: ['https://a']}\nsslmode: verify-full\npassword_policy: admin\n"),
        ("a.json", '{"name": "admin", "files": ["*"], "sslmode": "require"}'),
        ("a.yaml", ""),
    ],
)
def test_what_is_well_or_unknown_is_not_told(name: str, text: str) -> None:
    assert rules(name, text) == []


@pytest.mark.parametrize(
    ("name", "milder"),
    [
        ("docker-compose.dev.yml", True),
        (".env.example", True),
        ("tests/settings.py", True),
        ("device.yml", False),
        ("latest.yml", False),
        ("prod.env", False),
    ],
)
def test_a_name_for_development_is_told_from_others(name: str, milder: bool) -> None:
    assert is_for_development(name) is milder


def test_an_example_is_told_but_milder() -> None:
    assert rules(".env.example", "DEBUG=1\n") == [(1, "debug-on.development")]
    assert scan_rules()["configuration.debug-on.development"].severity == "low"
    assert scan_rules()["configuration.debug-on"].severity == "high"


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.toml", "settings.py"])
def test_a_template_is_read_line_by_line(name: str) -> None:
    answer = ENGINE(name, b"{% if x %}\nDEBUG: true\n{{ y }\n[[[\n")
    assert [item.rule for item in answer.found] == ["configuration.debug-on"]
    assert answer.counts["read line by line"] == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"debug": true, // why'),
        ("a.json", '{"debug": true}{"debug": true}'),
        ("a.toml", "[[[["),
        ("settings.py", "def f(:"),
        ("a.yaml", "{debug: true"),
    ],
)
def test_a_file_that_cannot_be_parsed_and_shows_no_setting_is_no_green(name: str, text: str) -> None:
    answer = ENGINE(name, text.encode())
    assert "can be parsed" in answer.unread
    assert not answer.harmless
    assert not ENGINE(name, b" \n").unread


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'\xef\xbb\xbf{"password": "changeme"}'),
        ("a.toml", b'\xef\xbb\xbfpassword = "changeme"'),
        ("a.json", b'{"a": {"url": "http://b", "password": "changeme"}, } // the first try'),
        ("a.json", b'/* {"a": 1, */ {"a": [1, 2,], "b": {"password": "changeme"}}'),
        ("a.json", b'{"a": 1}\n\n{"b": 1, "password": "changeme"}\n'),
        ("a.ini", "password = changeme\n".encode("utf-16-le")),
        ("a.ini", "password = changeme\n".encode("utf-16-be")),
        ("a.ini", "password = changeme\n".encode("utf-16")),
        ("a.ini", "password = changeme\n".encode("utf-32-le")),
        (
            "a.ini",
            "; Gr\u00fc\u00dfe, \u043f\u0440\u0438\u0432\u0435\u0442 \u4e00\npassword = changeme\n".encode(
                "utf-16-le"
            ),
        ),
        ("a.ini", "; calm\npassword = changeme\n".encode("utf-16-le") + b"\n"),
        ("a.ini", b"a = 1\n" + "password = changeme\n".encode("utf-16-le")),
        ("a.ini", "a = 1\n".encode("utf-16-le") * 600 + b"\npassword = changeme\n"),
        ("a.json", b'{"a": {"password": "x"},\n// "password": "changeme"\n"b": {"password": "changeme"}}'),
    ],
)
def test_no_editors_way_to_write_a_file_hides_its_settings(name: str, content: bytes) -> None:
    (found,) = ENGINE(name, content).found
    assert found.rule == "configuration.default-credentials"
    assert found.confidence == "high"


@pytest.mark.parametrize("torn", [b"/* ", b'{"', b'\\"', b'"\\"', b", "])
def test_what_never_ends_is_read_once(torn: bytes) -> None:
    # Read from each of its beginnings anew this would take hours.
    assert "can be parsed" in ENGINE("a.json", b'{"' + torn * 300_000).unread


def test_each_of_many_settings_of_one_name_is_found_on_its_line() -> None:
    records = "".join(f'{{"id": {number}, "password": "changeme"}}\n' for number in range(2000))
    assert [found.line for found in ENGINE("a.json", records.encode()).found] == list(range(1, 2001))


def test_a_tree_with_such_a_file_is_incomplete(pool: Pool, plant: Plant) -> None:
    result = scan_configuration(tree_of(plant({"a.json": "{", "b.toml": "x = 1\n"})), pool)
    (told,) = result.incomplete
    assert told.startswith("a.json: no json that can be parsed, and no setting on any line: exclude it")


def test_an_alias_bomb_ends() -> None:
    levels = "\n".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]" for n in range(40))
    settings, followed = settings_of("yaml", f"a0: &a0 {{debug: true}}\n{levels}\n")
    assert followed
    assert len(settings) == 1


def test_a_binary_with_such_a_name_is_not_harmless() -> None:
    assert not ENGINE("a.json", b"\0\xff").harmless


def test_no_secret_value_is_shown() -> None:
    answer = ENGINE(
        ".env", b"API_TOKEN=hunter2hunter2\nDATABASE_URL=postgres://admin:admin@h/d\nDB_PASSWORD=changeme\n"
    )
    assert len(answer.found) == 3
    for value in ("hunter2", "admin:admin", "changeme"):
        assert value not in repr(answer)


def test_names_are_spelled_alike() -> None:
    assert {spelled(name) for name in ("allowOrigins", "allow-origins", "ALLOW_ORIGINS")} == {"allow_origins"}


@given(st.sampled_from(["toml", "yaml", "json", "python", "ini", "env"]), st.text(max_size=200))
def test_any_text_can_be_read(kind: str, text: str) -> None:
    settings_of(kind, text)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.booleans() | st.integers() | st.lists(st.text(max_size=3)),
    )
)
def test_every_value_of_a_document_is_a_setting(document: dict[str, object]) -> None:
    expected = sum(len(value) if isinstance(value, list) else 1 for value in document.values())
    assert len(settings_of("json", json.dumps(document))[0]) == expected


def test_keys_that_others_may_replace_or_read_are_told(plant: Plant) -> None:
    pem = "-----BEGIN PRIVATE " + "KEY-----"
    root = plant(
        {
            "a.key": "",
            "b.pem": pem,
            "c.pem": "a certificate",
            ".env": "",
            "d.txt": "",
            "id_rsa": "",
            "e.p12": "",
        }
    )
    modes = {
        "a.key": 0o666,
        "b.pem": 0o644,
        "c.pem": 0o666,
        ".env": 0o604,
        "d.txt": 0o666,
        "id_rsa": 0o600,
        "e.p12": 0o640,
    }
    for name, mode in modes.items():
        (root / name).chmod(mode)
    found = {
        item.where: item.rule.removeprefix("configuration.") for item in mode_findings(tree_of(root).files)
    }
    assert found == {"a.key": "writable-by-all", "b.pem": "readable-by-all", ".env": "readable-by-all"}


def test_a_certificate_file_that_vanished_counts_as_a_key(plant: Plant) -> None:
    root = plant({"a.pem": ""})
    (root / "a.pem").chmod(0o666)
    files = tree_of(root).files
    Path(root, "a.pem").unlink()
    assert [item.where for item in mode_findings(files)] == ["a.pem"]


def test_a_tree_is_scanned_with_its_ledger(pool: Pool, plant: Plant) -> None:
    root = plant({".env": "DEBUG=1\n", "a.py": "", "b.toml": "x = 1\n"})
    (root / ".env").chmod(0o600)
    result = scan_configuration(tree_of(root), pool)
    assert [(item.where, item.line, item.rule) for item in result.found] == [
        (".env", 1, "configuration.debug-on")
    ]
    assert result.incomplete == ()
    assert (result.ledger.discovered, result.ledger.scanned, result.ledger.adds_up) == (3, 2, True)
    assert all(canary.seen for canary in result.canaries)
    assert len(result.canaries) == 13


def test_a_tree_without_settings_is_incomplete(pool: Pool, plant: Plant) -> None:
    result = scan_configuration(tree_of(plant({"a.txt": ""})), pool)
    assert "no configuration was judged" in result.incomplete[0]
