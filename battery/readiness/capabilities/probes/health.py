"""Health monitoring as a caller sees it: the health paths, a path that cannot exist, and what the parts tell."""

import secrets

from battery.model.capabilities import HealthShown, Told
from battery.model.target import Target
from battery.readiness.capabilities.capability import Known
from battery.readiness.capabilities.health import HealthFacts
from battery.readiness.capabilities.probes.asking import Asker


def probe_health(asker: Asker, target: Target, shown: HealthShown, follows: Known) -> HealthFacts:
    """Look; `follows` is whether ready was seen to fail without a dependency."""
    control = asker.get(f"/{secrets.token_hex(12)}")
    return HealthFacts(
        live=_answers(asker, target.live),
        ready=_answers(asker, target.ready),
        status=_answers(asker, target.status),
        metrics=asker.exposition() is not None if target.metrics else None,
        # A target that is silent refuses nothing.
        control_refused=400 <= control.status < 500 if control.status else None,
        ready_follows_dependencies=follows,
        cpu=_tells(asker, shown.cpu),
        memory=_tells(asker, shown.memory),
        disk=_tells(asker, shown.disk),
        modules=_tells(asker, shown.modules),
    )


def _answers(asker: Asker, path: str | None) -> Known:
    return asker.get(path).ok if path else None


def _tells(asker: Asker, told: Told | None) -> Known:
    return None if told is None else asker.value(told) not in (None, "", [], {})
