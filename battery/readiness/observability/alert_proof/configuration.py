"""The configuration of the Prometheus that proves an alert."""

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from msgspec import Meta

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.observability.rules.yaml_document import load_yaml


class ProofImpossible(BatteryError):
    """No alert can be proven: says what is missing, and how to mend it."""

    exit_code = 2


class ProofOrder(Frozen, frozen=True, kw_only=True):
    """Which rules are evaluated on which metrics, how often; `scratch` is an empty folder for Prometheus."""

    rules: tuple[Path, ...]
    metrics_url: str
    scratch: Path
    interval: Annotated[float, Meta(ge=1.0)] = 1.0
    """Seconds between two scrapes; Prometheus counts in milliseconds."""
    evaluation: Annotated[float, Meta(ge=1.0)] | None = None
    """Seconds between two evaluations, as many as between two scrapes where it is none."""
    job: str = "battery"
    binary: str = "prometheus"


def configuration(order: ProofOrder, rules: tuple[str, ...]) -> str:
    """prometheus.yml; `rules` are the files as Prometheus shall find them.

    Raises: ProofImpossible when the URL names no host.
    """
    import yaml

    url = urlsplit(order.metrics_url)
    if url.scheme not in ("http", "https") or not url.netloc:
        raise ProofImpossible(f"{order.metrics_url}: expected the http or https URL of the metrics")
    step = f"{round(order.interval * 1000)}ms"
    beat = f"{round((order.evaluation or order.interval) * 1000)}ms"
    scrape = {
        "job_name": order.job,
        "scheme": url.scheme,
        "metrics_path": url.path or "/",
        "params": parse_qs(url.query),
        "static_configs": [{"targets": [url.netloc]}],
    }
    document = {
        "global": {"scrape_interval": step, "scrape_timeout": step, "evaluation_interval": beat},
        "rule_files": list(rules),
        "scrape_configs": [scrape],
    }
    return yaml.safe_dump(document, sort_keys=False)


def without_intervals(rules: bytes, file: str) -> bytes:
    """Rules that were read before, without the intervals of their groups, which would keep the proof waiting.

    Raises: RulesUnreadable.
    """
    import yaml

    document = load_yaml(rules, file) or {}
    groups = document.get("groups") or []
    if not any("interval" in group for group in groups):
        return rules
    for group in groups:
        group.pop("interval", None)
        if group.get("limit"):  # the only number among texts
            group["limit"] = int(group["limit"])
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()
