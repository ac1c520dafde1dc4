"""The secrets scan: the same results as detect-secrets, from the lines that the prefilter leaves."""

import hashlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.findings import findings_of
from battery.scan.interface import ScanResult
from battery.scan.rules import scan_rules
from battery.scan.source.pool import Pool
from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.engine import open_engine, rule_of
from battery.scan.source.secrets.plugins import is_known, plugins
from battery.scan.source.secrets.scan import scan_secrets
from battery.scan.source.secrets.search import Search, Secret
from battery.scan.source.secrets.text import text_of
from battery.scan.source.tree import tree_of
from tests.unit.scan.source.conftest import KEY, Plant

FILTERED, EVERY_LINE = Search(filtered=True), Search(filtered=False)
SECRETS = planted(Random(7))
NAMES = (
    "a.py",
    "a.txt",
    "a.yaml",
    "a.ini",
    "a.toml",
    "a.js",
    "a.go",
    "a.c",
    "a.cpp",
    "a.properties",
    "Makefile",
)


def same(name: str, text: str) -> tuple[Secret, ...]:
    found = FILTERED.secrets(name, text)
    assert found == EVERY_LINE.secrets(name, text)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_every_kind_of_secret_is_found_in_every_kind_of_file_where_detect_secrets_finds_it(
    kind: str, name: str
) -> None:
    line = SECRETS[kind]
    for text in (
        line,
        f"x\n{line}\ny\n",
        f"a = {line}\n",
        f"[s]\nk = {line}\n",
        f"key: {line}\n",
        f"token =\n  {line}\n",
    ):
        same(name, text)


def test_each_kind_is_found_at_all() -> None:
    kinds = {secret.kind for line in SECRETS.values() for secret in same("a.txt", line + "\n")}
    assert kinds == {plugin.secret_type for plugin in plugins()} - {"Public IP (ipv4)"}


_PARTS = st.sampled_from(
    [
        *SECRETS.values(),
        *(
            "password",
            "API_KEY",
            "secret",
            "db_pass",
            "token",
            "key",
            "contraseña",
            "\u017fecret",
            "to\u212aen",
            "aws_key",
        ),
        *(
            " = ",
            ": ",
            ":=",
            "=>",
            " == ",
            "(",
            ")",
            ";",
            '"',
            "'",
            "`",
            "[",
            "]",
            "{",
            "#",
            " ",
            "\n",
            "\n  ",
            "\t",
            "\\",
        ),
        *(
            "hunter2",
            "abc123def456",
            "8.8.8.8:53",
            "${x}",
            "<x>",
            "foo.bar(",
            "pragma: allowlist secret",
            "_id",
            "//",
        ),
        "# pragma: allowlist nextline secret\n",
        "[section]\n",
        "AKIA",
        "0123456789abcdef",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PARTS, max_size=14), st.sampled_from(NAMES))
def test_any_text_gives_what_the_search_of_every_line_gives(parts: list[str], name: str) -> None:
    same(name, "".join(parts))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.sampled_from(NAMES))
def test_any_characters_give_what_the_search_of_every_line_gives(text: str, name: str) -> None:
    same(name, text.replace("\r", "\n"))


def test_an_unknown_detect_secrets_is_not_filtered() -> None:
    assert is_known()
    assert Search().filtered


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a\r\nb\rc\n", "utf-8"),
        (b"caf\xe9", "latin-1"),
        ("wide".encode("utf-16"), "utf-16"),
        ("wide".encode("utf-32"), "utf-32"),
        ("wide, unmarked\n".encode("utf-16-le"), "text without its zero bytes"),
        ("wide, unmarked\n".encode("utf-16-be"), "text without its zero bytes"),
        ("\u043f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440\n".encode("utf-16-le"), "utf-16-le"),
        (b"\1\0\2\0\3\0\4\0\5\0", None),
        (b"\0\xff", None),
        (b"\xff\xfe\0", None),
        (b"", "utf-8"),
    ],
)
def test_text_is_read_in_its_encoding_and_binary_is_not(content: bytes, encoding: str | None) -> None:
    text = text_of(content)
    assert (text.encoding if text else None) == encoding
    assert text is None or "\r" not in text.text


def scan(pool: Pool, plant: Plant, files: dict[str, str | bytes]) -> ScanResult:
    return scan_secrets(tree_of(plant(files)), pool)


def test_a_tree_is_scanned_with_its_ledger(pool: Pool, plant: Plant) -> None:
    files: dict[str, str | bytes] = {
        "a.env": SECRETS["GitHub Token"],
        "logo.png": b"x",
        "b.bin2": b"\0\xff",
        "c": "calm\n",
    }
    result = scan(pool, plant, files)
    assert [(found.rule, found.line) for found in result.found] == [("secrets.github-token", 1)]
    assert result.incomplete == ()
    assert (result.ledger.discovered, result.ledger.scanned, result.ledger.adds_up) == (4, 2, True)
    assert {skip.what: skip.reason for skip in result.ledger.skipped}["b.bin2"] == "binary"
    assert len(result.canaries) == 26
    assert all(canary.seen for canary in result.canaries)


def test_a_tree_without_text_is_incomplete(pool: Pool, plant: Plant) -> None:
    assert "nothing was searched" in scan(pool, plant, {"a.png": b""}).incomplete[0]


def test_a_secret_in_a_text_that_is_no_utf8_is_found(pool: Pool, plant: Plant) -> None:
    result = scan(pool, plant, {"a.txt": b"\xe9 " + SECRETS["AWS Access Key"].encode()})
    assert [found.rule for found in result.found] == ["secrets.aws-access-key"]
    assert result.facts["read as latin-1"] == "1"


def test_one_secret_in_several_files_is_one_finding(pool: Pool, plant: Plant) -> None:
    line = SECRETS["Stripe Access Key"]
    result = scan(pool, plant, {"a": line, "b": f"x\n{line}", "c": line})
    (finding,) = findings_of(result.found, KEY)
    assert [place.text for place in finding.places] == ["a:1:1", "b:2:1", "c:1:1"]


def test_two_private_keys_are_two_findings() -> None:
    head, foot = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
    engine = open_engine(KEY)
    body = "MIIEabc" * 9
    one = engine("a", f"{head}\n{body}\n{foot}\n".encode()).found
    two = engine("b", f"{head}\n{body}z\n{foot}\n".encode()).found
    again = engine("c", f"text\n{head}\n{body}\n{foot}\nmore\n".encode()).found
    bare = engine("d", f"if '{head}' in text:\n    return\n".encode()).found
    assert [one[0].rule, bare[0].rule] == ["secrets.private-key", "secrets.private-key-heading"]
    assert one[0].content != two[0].content
    assert one[0].content == again[0].content


def test_two_tokens_of_one_kind_are_two_findings_though_their_plugin_reports_the_prefix_only() -> None:
    one, two = planted(Random(1))["GitHub Token"], planted(Random(2))["GitHub Token"]
    found = open_engine(KEY)("a.txt", f"{one}\n{two} {one}\n".encode()).found
    assert [item.line for item in found] == [1, 2, 2]
    assert len({item.content for item in found}) == 2


def test_every_kind_has_a_rule_that_folds() -> None:
    for plugin in plugins():
        rule = scan_rules()[rule_of(plugin.secret_type)]
        assert rule.id != "secrets.unknown"
        assert rule.folds
    assert rule_of("A kind of tomorrow") == "secrets.unknown"


@pytest.mark.parametrize("name", ["a.txt", "a.py", "a.yaml", "a.ini"])
def test_no_secret_leaves_the_engine(name: str) -> None:
    engine = open_engine(KEY)
    for kind, line in planted(Random(11)).items():
        for text in (line, f"value: {line}", f'k = "{line}"', f"[s]\nk = {line}"):
            answer = engine(name, text.encode())
            for secret in EVERY_LINE.secrets(name, text):
                if kind == "Private Key" or len(secret.whole) < 8:
                    continue
                assert secret.whole not in repr(answer), (kind, text)
                assert hashlib.sha1(secret.value.encode()).hexdigest() not in repr(answer)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.png", "no text to search"),
        ("poetry.lock", "no text"),
        ("Cargo.lock", "no text"),
        ("package-lock.json", "lock file"),
        ("swagger.json", "interface description"),
    ],
)
def test_what_detect_secrets_leaves_out_by_name_is_told(name: str, reason: str) -> None:
    answer = open_engine(KEY)(name, SECRETS["AWS Access Key"].encode())
    assert reason in answer.unread
    assert answer.harmless


def test_yaml_that_cannot_be_rewritten_is_searched_as_it_stands() -> None:
    token = SECRETS["AWS Access Key"]
    assert [secret.kind for secret in FILTERED.secrets("a.yaml", f"a: 2026-99-99\nb: {token}\n")] == [
        "AWS Access Key"
    ]
