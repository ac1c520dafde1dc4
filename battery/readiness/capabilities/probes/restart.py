"""Auto-restart: the process is killed, and whoever the user trusts to bring it back is given the time to do so."""

import time
from collections.abc import Callable

from battery.model.capabilities import RestartShown
from battery.model.quantity import seconds
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.ports import Victim
from battery.readiness.capabilities.probes.waiting import until
from battery.readiness.capabilities.restart import RestartFacts


def probe_restart(
    asker: Asker, shown: RestartShown, victim: Victim, ready: Callable[[], bool], tell: Callable[[str], None]
) -> RestartFacts:
    """Kill it once."""
    if why := victim.obstacle():
        tell(why)
        return RestartFacts()
    before, patience = asker.number(shown.count), seconds(shown.patience)
    began = time.monotonic()
    killed = victim.kill()
    tell(killed.detail)
    back = until(ready, bool, patience)
    taken = time.monotonic() - began
    after = until(lambda: asker.number(shown.count), lambda count: _grew(before, count), patience)
    return RestartFacts(
        killed=killed.gone,
        back_by_itself=back,
        seconds=taken if back else None,
        restarts_before=before,
        restarts_after=after,
    )


def _grew(before: int | None, after: int | None) -> bool:
    """Whether the count is told and has grown; where it was not told before, there is nothing to wait for."""
    return before is None or (after is not None and after > before)
