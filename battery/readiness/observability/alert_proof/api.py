"""What Prometheus says over HTTP: whether it is ready, its rules, its alerts, its target."""

from enum import IntEnum
from typing import Any

import httpx

from battery.model.frozen import Frozen
from battery.readiness.observability.alert_proof.configuration import ProofImpossible

_SECONDS = 10.0


class AlertState(IntEnum):
    """How far an alert is; a larger state outranks a smaller one where label sets differ."""

    INACTIVE = 0
    PENDING = 1
    FIRING = 2


class AlertReading(Frozen, frozen=True, kw_only=True):
    """One alert at one moment: its state, whether Prometheus could evaluate it, and has done so at all."""

    state: AlertState
    evaluated: bool
    trouble: str = ""


class PrometheusApi:
    """One Prometheus, on the loopback."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=_SECONDS, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def is_ready(self) -> bool:
        """Whether it serves and has loaded its rules."""
        try:
            return self._http.get("/-/ready").is_success
        except httpx.HTTPError:
            return False

    def reload(self) -> None:
        """Load the configuration again. Raises: ProofImpossible when it refuses."""
        try:
            answer = self._http.post("/-/reload")
        except httpx.HTTPError as error:
            raise ProofImpossible(f"prometheus gave no answer to a reload: {type(error).__name__}") from error
        if not answer.is_success:
            raise ProofImpossible(f"prometheus refuses the rules: {' '.join(answer.text.split())[:300]}")

    def alert(self, name: str) -> AlertReading | None:
        """The alert of that name, of all rules that have it the furthest; none when no rule has it."""
        rules = [
            rule
            for group in self._data("/api/v1/rules").get("groups", [])
            for rule in group.get("rules", [])
            if rule.get("type") == "alerting" and rule.get("name") == name
        ]
        if not rules:
            return None
        states = [AlertState[str(rule.get("state", "inactive")).upper()] for rule in rules]
        states += [
            AlertState[str(alert.get("state", "inactive")).upper()]
            for alert in self._data("/api/v1/alerts").get("alerts", [])
            if alert.get("labels", {}).get("alertname") == name
        ]
        return AlertReading(
            state=max(states),
            evaluated=all(rule.get("health") not in (None, "unknown") for rule in rules),
            trouble="; ".join(
                dict.fromkeys(str(rule["lastError"]) for rule in rules if rule.get("lastError"))
            ),
        )

    def target_trouble(self) -> str:
        """Why the target is not scraped; empty when it is."""
        targets = self._data("/api/v1/targets").get("activeTargets", [])
        for target in targets:
            if target.get("health") == "down":
                return str(target.get("lastError") or "the target is down")
        return "" if any(target.get("health") == "up" for target in targets) else "no scrape yet"

    def _data(self, path: str) -> dict[str, Any]:
        try:
            answer = self._http.get(path)
            answer.raise_for_status()
            data = answer.json().get("data")
        except (httpx.HTTPError, ValueError) as error:
            raise ProofImpossible(f"prometheus gave no answer to {path}: {type(error).__name__}") from error
        return data if isinstance(data, dict) else {}
