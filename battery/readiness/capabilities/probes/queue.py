"""Queue and orchestration: a flood meets a bound, and a crash loses nothing that was accepted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec

from battery.model.capabilities import QueueShown
from battery.model.quantity import seconds
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.ports import Victim
from battery.readiness.capabilities.probes.waiting import until
from battery.readiness.capabilities.queue import QueueFacts

_BATCH, _LOOKS_AT_ONCE = 32, 8
_BACK_PRESSURE = (429, 503)


class QueueProbe:
    """Floods once, crashes once, and waits for the work."""

    def __init__(
        self,
        asker: Asker,
        shown: QueueShown,
        victim: Victim,
        ready: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._asker, self._shown, self._victim = asker, shown, victim
        self._ready, self._tell = ready, tell
        self._patience = seconds(shown.patience)
        self._accepted: list[str] = []
        self._deepest: int | None = None

    def facts(self) -> QueueFacts:
        """What became of the flood and of the work."""
        refused = self._flood()
        facts = QueueFacts(
            offered=self._shown.flood,
            refused=refused,
            deepest=self._deepest,
            bound=self._asker.number(self._shown.capacity),
        )
        if why := self._victim.obstacle():
            self._tell(why)
            self._finished()
            return facts
        waiting = self._asker.number(self._shown.depth)
        killed = self._victim.kill()
        self._tell(f"{waiting} waited when it was killed: {killed.detail}")
        until(self._ready, bool, self._patience)
        finished = self._finished()
        return msgspec.structs.replace(
            facts,
            crashed=killed.gone,
            # A crash that met no work proves nothing about it.
            accepted_before_crash=len(self._accepted) if waiting else 0,
            finished_after_crash=finished,
        )

    def _flood(self) -> int:
        """Hand in work in batches, looking at the depth in between; how many were refused."""
        refused = others = 0
        for start in range(0, self._shown.flood, _BATCH):
            numbers = range(start, min(start + _BATCH, self._shown.flood))
            for answer in self._asker.flood(self._shown.submit, numbers):
                job = answer.at(self._shown.id) if answer.ok else None
                if job is not None:
                    self._accepted.append(str(job))
                elif answer.status in _BACK_PRESSURE:
                    refused += 1
                else:
                    others += 1
            self._look()
        self._tell(f"{len(self._accepted)} accepted, {refused} answered 429 or 503, {others} otherwise")
        return refused

    def _look(self) -> None:
        depth = self._asker.number(self._shown.depth)
        if depth is not None:
            self._deepest = max(depth, self._deepest or 0)

    def _finished(self) -> int:
        """How many of the accepted are done when patience ends."""
        open_jobs = list(self._accepted)

        def look() -> list[str]:
            with ThreadPoolExecutor(_LOOKS_AT_ONCE) as pool:
                done = list(pool.map(self._is_done, open_jobs))
            open_jobs[:] = [job for job, is_done in zip(open_jobs, done, strict=True) if not is_done]
            return open_jobs

        left = until(look, lambda jobs: not jobs, self._patience, 0.5)
        if left:
            self._tell(
                f"{len(left)} accepted jobs were not done within {self._patience:g} s: {', '.join(left[:3])}"
            )
        return len(self._accepted) - len(left)

    def _is_done(self, job: str) -> bool:
        return self._asker.ask(self._shown.job, job=job).at(self._shown.state) in self._shown.done
