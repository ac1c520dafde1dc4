"""A Prometheus that does not come up is told in one line, and leaves nothing behind."""

from pathlib import Path

import pytest

from battery.readiness.observability.alert_proof.configuration import ProofImpossible, ProofOrder
from battery.readiness.observability.alert_proof.prometheus import Prometheus
from battery.readiness.observability.rules.rule_file import RulesUnreadable

RULES = b"groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"


def order(folder: Path, script: str, rules: bytes = RULES) -> ProofOrder:
    binary = folder / "prometheus-fake"
    binary.write_text(script, encoding="utf-8")
    binary.chmod(0o755)
    (folder / "rules.yml").write_bytes(rules)
    return ProofOrder(
        rules=(folder / "rules.yml",),
        metrics_url="http://127.0.0.1:1/metrics",
        scratch=folder,
        binary=str(binary),
    )


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("#!/bin/sh\necho bad flag; exit 3\n", "prometheus ended with 3: bad flag"),
        ("#!/bin/sh\nexit 4\n", "prometheus ended with 4: it wrote nothing"),
        ("#!/bin/sh\necho bind: address already in use; exit 1\n", "no free port 3 times"),
        ("#!/no/such/interpreter\n", "cannot be started"),
    ],
)
def test_one_that_ends_or_cannot_start_is_told(tmp_path: Path, script: str, problem: str) -> None:
    with pytest.raises(ProofImpossible, match=problem), Prometheus(order(tmp_path, script)):
        pass
    assert not (tmp_path / "prometheus").exists()


def test_rules_that_prometheus_would_refuse_never_reach_it(tmp_path: Path) -> None:
    wrong = order(tmp_path, "#!/bin/sh\ntouch started\n", RULES.replace(b"up ==", b"up(("))
    with pytest.raises(RulesUnreadable), Prometheus(wrong):
        pass
    (tmp_path / "rules.yml").unlink()
    with pytest.raises(ProofImpossible, match="cannot be read"), Prometheus(wrong):
        pass
    assert not list(tmp_path.rglob("started"))
    assert not (tmp_path / "prometheus").exists()
