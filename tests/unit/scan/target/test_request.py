"""The request of a scan: its secrets are known, its scanners are named."""

import pytest

from battery.errors import UsageError
from battery.model.security import TARGET_SCANNERS, AccessRule, LoginProbe, ScanIdentity
from battery.scan.target.catalogue import scanners_named
from battery.scan.target.request import TargetScanRequest
from battery.scan.target.run import scan_target


def test_every_header_that_is_handed_in_is_a_secret_and_so_is_the_token_in_it() -> None:
    request = TargetScanRequest(
        url="http://t",
        headers={"Authorization": "Bearer token-in-common", "Accept": "*/*"},
        identities=(ScanIdentity(name="a", headers={"X-Key": "key-of-identity"}),),
        access=(AccessRule(name="r", path="/", allowed=("a",), headers={"X-Rule": "key-of-rule"}),),
        login=LoginProbe(path="/", headers={"X-Login": "key-of-login"}),
    )
    assert {
        "Bearer token-in-common",
        "token-in-common",
        "key-of-identity",
        "key-of-rule",
        "key-of-login",
    } == set(request.secrets())


def test_scanners_come_in_the_order_that_disturbs_least() -> None:
    assert [scanner.name for scanner in scanners_named(tuple(reversed(TARGET_SCANNERS)))] == list(
        TARGET_SCANNERS
    )
    assert TARGET_SCANNERS[-2:] == ("rate_limit", "abuse"), "what gets us locked out comes last"


def test_a_scanner_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="there are tls, headers"):
        scanners_named(("header",))


@pytest.mark.parametrize(
    "request_",
    [
        TargetScanRequest(url="nonsense"),
        TargetScanRequest(url="http://t", scanners=("x",)),
        TargetScanRequest(url="http://t", headers={"a b": "c"}),
        TargetScanRequest(url="http://t", identities=(ScanIdentity(name="i", headers={"A": "\n"}),)),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_anything_is_sent(request_: TargetScanRequest) -> None:
    with pytest.raises(UsageError):
        scan_target(request_, lambda _: None)
