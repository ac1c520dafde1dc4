"""The [security] table: what it may say, and what is told of what it leaves out."""

import pytest

from battery.definitions.scanners_left_out import scanners_left_out
from battery.definitions.security import check_security, is_online
from battery.errors import DefinitionError
from battery.model.security import (
    SOURCE_SCANNERS,
    TARGET_SCANNERS,
    AccessRule,
    LoginProbe,
    ScanIdentity,
    Security,
    scanner_of,
)

ANN = ScanIdentity(name="ann", headers={"Authorization": "env:ANN"})


@pytest.mark.parametrize(
    ("security", "key", "problem"),
    [
        (Security(openapi="/openapi.json", openapi_file="api.json"), "security.openapi", "keep one"),
        (Security(other_url="example.com"), "security.other_url", "expected http://"),
        (Security(vulnerabilities="ftp://example.com"), "security.vulnerabilities", "expected http://"),
        (Security(identity=(ANN, ANN)), "security.identity[1].name", "taken"),
        (Security(identity=(ScanIdentity(name="nobody"),)), "security.identity[0].name", "taken"),
        (
            Security(identity=(ScanIdentity(name="bob", headers={"Authorization": "Bearer abc"}),)),
            "security.identity[0].headers.Authorization",
            "a secret stands in the file",
        ),
        (
            Security(access=(AccessRule(name="read", path="/x", allowed=("ann",)),)),
            "security.access[0].allowed",
            'names "ann"; expected names of [[security.identity]]: none yet',
        ),
        (
            Security(identity=(ANN,), access=(AccessRule(name="read", path="/x", allowed=()),)),
            "security.access[0].allowed",
            "names nobody",
        ),
        (
            Security(login=LoginProbe(path="/login", headers={"X-Token": "abc"})),
            "security.login.headers.X-Token",
            "a secret stands in the file",
        ),
        (
            Security(
                public=True, identity=(ANN,), access=(AccessRule(name="read", path="/x", allowed=("ann",)),)
            ),
            "security.public",
            "names some that do",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_key(security: Security, key: str, problem: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        check_security(security, "battery.toml")
    assert raised.value.key == key
    assert problem in str(raised.value)


def test_a_sound_table_is_accepted() -> None:
    rule = AccessRule(name="read", path="/x", allowed=("ann",), headers={"Accept": "text/plain"})
    check_security(Security(identity=(ANN,), access=(rule,), vulnerabilities="online"), "battery.toml")


@pytest.mark.parametrize(
    ("named", "online"), [("online", True), ("http://127.0.0.1:1", True), ("osv.zip", False)]
)
def test_only_a_url_or_the_word_online_asks_the_network(named: str, online: bool) -> None:
    assert is_online(named) is online


def test_everything_that_is_left_out_is_told_as_a_loosened_rule() -> None:
    security = Security(not_applicable={"tls": "behind a proxy"}, public=True, exclude=("tests/assets",))
    changes = scanners_left_out(security)
    assert all(change.loosened for change in changes)
    assert [(change.rule, change.used) for change in changes] == [
        ("G5:scanner.tls", "not applicable: behind a proxy"),
        ("G5:scanner.public", "declared public: nobody needs one"),
        ("G5:scanner.exclude", "without tests/assets"),
    ]
    assert scanners_left_out(Security()) == ()


def test_every_scanner_is_known_by_its_check() -> None:
    assert {scanner_of(f"security_source.{name}") for name in SOURCE_SCANNERS} == set(SOURCE_SCANNERS)
    assert {scanner_of(f"security_target.scanner[{name}]") for name in TARGET_SCANNERS} == set(
        TARGET_SCANNERS
    )
    assert scanner_of("chaos.restart") == ""


def test_headers_of_identities_rules_and_login_may_hold_secrets() -> None:
    security = Security(
        identity=(ANN,),
        access=(AccessRule(name="read", path="/x", allowed=("ann",), headers={"A": "env:B"}),),
        login=LoginProbe(path="/login", headers={"C": "env:D"}),
    )
    assert security.secret_texts() == ("env:ANN", "env:B", "env:D")
