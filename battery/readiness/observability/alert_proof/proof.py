"""The proof of one alert: quiet, then a fault, then it fires; the fault is removed, then it resolves."""

import time
from collections.abc import Callable
from typing import Literal

from battery.model.frozen import Frozen
from battery.readiness.observability.alert_proof.api import AlertReading, AlertState, PrometheusApi
from battery.readiness.observability.alert_proof.watch import Transition, Watch

Outcome = Literal["proven", "never fired", "never resolved", "fired before", "unknown"]


class AlertProof(Frozen, frozen=True, kw_only=True):
    """How it went. Seconds run from the fault to firing, and from its removal to resolved."""

    alert: str
    outcome: Outcome
    reason: str
    fired_after: float | None = None
    pending_after: float | None = None
    resolved_after: float | None = None
    transitions: tuple[Transition, ...] = ()


class Patience(Frozen, frozen=True, kw_only=True):
    """How long each part may take, in seconds, and how often somebody looks.

    `calm` is how long the alert must stay quiet before the fault: the first evaluations may have had no scrape to look at.
    """

    quiet: float = 30.0
    calm: float = 0.0
    fire: float
    resolve: float
    every: float = 0.2


def prove_alert(
    api: PrometheusApi,
    alert: str,
    inject: Callable[[], object],
    remove: Callable[[], object],
    patience: Patience,
) -> AlertProof:
    """Prove it. Whatever happens, a fault that was injected is removed.

    Raises: ProofImpossible when Prometheus stops answering.
    """
    watch = Watch(lambda: api.alert(alert), time.monotonic, time.sleep, patience.every)
    refusal = _quiet(api, watch, alert, patience)
    if refusal:
        return refusal
    began = watch.now()
    inject()
    try:
        fired = watch.until(_is_firing, patience.fire)
    finally:
        removed = watch.now()
        remove()
    pending = _first(watch, AlertState.PENDING, began)
    if fired is None:
        return _never_fired(api, watch, alert, patience, pending)
    resolved = watch.until(_is_inactive, patience.resolve)
    never = f"it fired and was still {watch.transitions[-1].state.name.lower()} {patience.resolve:g} s after the fault was removed"
    return AlertProof(
        alert=alert,
        outcome="proven" if resolved is not None else "never resolved",
        reason="it fired with the fault and resolved without it" if resolved is not None else never,
        fired_after=fired - began,
        pending_after=pending,
        resolved_after=None if resolved is None else resolved - removed,
        transitions=tuple(watch.transitions),
    )


def _quiet(api: PrometheusApi, watch: Watch, alert: str, patience: Patience) -> AlertProof | None:
    """Before the fault the alert must have been evaluated on scraped metrics, and be silent."""
    quiet = watch.until(
        lambda reading: reading.evaluated and _is_inactive(reading) and not api.target_trouble(),
        patience.quiet,
    )
    if quiet is not None and (
        not patience.calm or watch.until(lambda reading: not _is_inactive(reading), patience.calm) is None
    ):
        return None
    states = [transition.state for transition in watch.transitions]
    if states and states[-1] is not AlertState.INACTIVE:
        reason = f"it is {states[-1].name.lower()} before any fault: mend what it tells, or the alert"
        return AlertProof(
            alert=alert, outcome="fired before", reason=reason, transitions=tuple(watch.transitions)
        )
    trouble = watch.trouble or api.target_trouble() or "it was not evaluated"
    return AlertProof(alert=alert, outcome="unknown", reason=f"nothing could be proven: {trouble}")


def _never_fired(
    api: PrometheusApi, watch: Watch, alert: str, patience: Patience, pending: float | None
) -> AlertProof:
    trouble = watch.trouble or api.target_trouble()
    stuck = "it went pending and did not stay so" if pending is not None else "its expression was never true"
    reason = f"{patience.fire:g} s after the fault it has not fired: {trouble or stuck}"
    return AlertProof(
        alert=alert,
        outcome="never fired",
        reason=reason,
        pending_after=pending,
        transitions=tuple(watch.transitions),
    )


def _first(watch: Watch, state: AlertState, after: float) -> float | None:
    return next((t.at - after for t in watch.transitions if t.state is state and t.at >= after), None)


def _is_firing(reading: AlertReading) -> bool:
    return reading.state is AlertState.FIRING


def _is_inactive(reading: AlertReading) -> bool:
    return reading.state is AlertState.INACTIVE
