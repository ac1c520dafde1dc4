"""Canaries: which rules one vouches for in each scan, and which speak through the detector of another rule."""

from random import Random

from battery.model.security import TARGET_SCANNERS
from battery.scan.rules import scan_rules
from battery.scan.source.configuration.canary import PLANT
from battery.scan.source.logs.canary import plant
from battery.scan.target.catalogue import scanners_named

# A planted key proves that modes are kept and read; a milder variant is chosen by the file's name, proven for one rule.
OF_CONFIGURATION = {
    "configuration.writable-by-all",
    "configuration.readable-by-all",
    "configuration.debug-on.development",
    "configuration.tls-verification-off.development",
    "configuration.cors-wildcard-credentials.development",
    "configuration.default-credentials.development",
}
# Found by the same look as a rule with a canary: another date of the same certificate, another end of the same burst.
OF_TARGET = {
    "target.abuse.no-recovery",
    "target.headers.no-https-redirect",
    "target.rate-limit.no-recovery",
    "target.rate-limit.no-retry-after",
    "target.rate-limit.punishes-others",
    "target.robustness.hangs",
    "target.tls.absent",
    "target.tls.expires-soon",
    "target.tls.expires-this-month",
    "target.tls.hsts-short",
    "target.tls.no-tls13",
    "target.tls.not-yet-valid",
    "target.tls.weak-certificate",
    "target.tls.weak-cipher",
}
# Known attacks: no server with them is planted but for renegotiation, whose canary stands where sslyze is.
OF_SSLYZE = {
    "target.tls.heartbleed",
    "target.tls.ccs-injection",
    "target.tls.robot",
    "target.tls.compression",
    "target.tls.renegotiation",
}


def rules_of(scanner: str) -> set[str]:
    return {rule for rule in scan_rules() if rule.startswith(f"{scanner}.")}


def test_each_rule_of_the_configuration_has_a_canary_or_shares_one() -> None:
    assert rules_of("configuration") - {rule for _, rule in PLANT.expected.values()} == OF_CONFIGURATION


def test_each_rule_of_the_logs_has_a_canary() -> None:
    assert rules_of("logs") == {rule for _, rule in plant(Random(1)).expected.values()}


def test_each_rule_of_the_target_has_a_canary_or_shares_one() -> None:
    vouched = {rule for scanner in scanners_named(tuple(TARGET_SCANNERS)) for rule in scanner.canaries}
    assert rules_of("target") - vouched == OF_TARGET | OF_SSLYZE
