"""What Prometheus is told: the target, the pace, the rules without their own pace."""

from pathlib import Path

import pytest
import yaml

from battery.readiness.observability.alert_proof.configuration import (
    ProofImpossible,
    ProofOrder,
    configuration,
    without_intervals,
)
from battery.readiness.observability.rules.reading import read_rules


def order(url: str) -> ProofOrder:
    return ProofOrder(rules=(), metrics_url=url, scratch=Path(), interval=1.5)


def test_the_target_and_the_pace_are_told() -> None:
    told = yaml.safe_load(configuration(order("https://[::1]:8443/a/metrics?x=1"), ("r.yml",)))
    assert told["global"]["scrape_interval"] == told["global"]["evaluation_interval"] == "1500ms"
    (scrape,) = told["scrape_configs"]
    assert scrape["static_configs"] == [{"targets": ["[::1]:8443"]}]
    assert (scrape["scheme"], scrape["metrics_path"], scrape["params"]) == (
        "https",
        "/a/metrics",
        {"x": ["1"]},
    )
    assert told["rule_files"] == ["r.yml"]


@pytest.mark.parametrize("url", ["", "metrics", "ftp://x/metrics", "http:///metrics"])
def test_what_is_no_url_of_metrics_is_refused(url: str) -> None:
    with pytest.raises(ProofImpossible, match="expected the http or https URL"):
        configuration(order(url), ())


def test_rules_lose_their_interval_and_nothing_else() -> None:
    plain = "groups: [{name: g, rules: [{alert: A, expr: up == 0, for: 0, labels: {a: yes, b: 1.0}}]}]"
    paced = plain.replace("name: g", "name: g, interval: 1h, limit: 7")
    made = without_intervals(paced.encode(), "x.yml")
    assert b"interval" not in made
    assert b"limit: 7\n" in made
    assert list(read_rules(made, "x.yml").rules) == list(read_rules(paced.encode(), "x.yml").rules)
    assert without_intervals(plain.encode(), "x.yml") == plain.encode()
