"""Telling: a job and what its generator says, in lines for whoever watches the worker. Pure."""

from collections.abc import Sequence

import msgspec

_MOST_STAGES = 6


class _Stage(msgspec.Struct):
    """As much of a stage as is told."""

    name: str
    seconds: float
    rate_from: float = 0.0
    rate_to: float = 0.0
    users: int = 0

    @property
    def text(self) -> str:
        """The stage in words."""
        rate = (
            f"{self.rate_to:g}/s"
            if self.rate_from == self.rate_to
            else f"{self.rate_from:g} to {self.rate_to:g}/s"
        )
        users = f"{self.users} user{'' if self.users == 1 else 's'}"
        return f"{self.name} {self.seconds:g} s " + (
            f"with {users}" if self.users or not self.rate_to else f"at {rate}"
        )


class _Job(msgspec.Struct):
    """As much of a job as is told; a locustfile's job holds another."""

    job: "_Job | None" = None
    profile: str = ""
    shares: int = 1
    host: str = ""
    port: int = 0
    stages: list[_Stage] = []


class _Series(msgspec.Struct):
    sent: int
    failed: int


class _Snapshot(msgspec.Struct):
    """As much of a snapshot as is told; those of other dialects hold one."""

    snapshot: "_Snapshot | None" = None
    stage: int = 0
    series: list[_Series] = []
    stopped: bool = False
    last: bool = False


class Telling:
    """One job from its beginning to its end; `complete` once its generator's last word is heard."""

    def __init__(self, job: bytes) -> None:
        self._job = _job_in(job)
        self.name = f"profile {self._job.profile}" if self._job.profile else "a job"
        self._stage = 0
        self._sent = self._failed = 0
        self._stopped = False
        self.complete = False

    def begins(self) -> str:
        """What is to be done here, and how much of the whole that is."""
        job = self._job
        share = f"1/{job.shares} of the load" if job.shares > 1 else "all of the load"
        return f"{self.name} begins against {job.host}:{job.port}, here {share}: {_listed(job.stages)}"

    def hears(self, line: bytes) -> str:
        """Take a snapshot's line; the stage that it tells of where that is another one, else nothing."""
        try:
            said = msgspec.json.decode(line, type=_Snapshot)
        except msgspec.DecodeError:
            return ""  # whoever asked for the job will say what is wrong with it
        told = said.snapshot or said
        self._sent += sum(series.sent for series in told.series)
        self._failed += sum(series.failed for series in told.series)
        self._stopped = self._stopped or told.stopped
        self.complete = self.complete or told.last
        if told.stage == self._stage or told.stage >= len(self._job.stages):
            return ""
        self._stage = told.stage
        return f"{self.name}: {self._job.stages[told.stage].text}"

    def ends(self) -> str:
        """How it went."""
        how = "ended early, as the master asked" if self._stopped else "ended"
        return f"{self.name} {how}: {self._counts()}"

    def breaks_off(self, why: str) -> str:
        """How far it came without a last word."""
        return f"{self.name} broke off after {self._counts()}: {why}; the master was told"

    def _counts(self) -> str:
        return f"{self._sent} requests sent, {self._failed} failed"


def _job_in(line: bytes) -> _Job:
    """The job, or one of which nothing is known: its generator will say what is wrong with it."""
    try:
        found = msgspec.json.decode(line, type=_Job)
    except msgspec.DecodeError:
        return _Job()
    return found.job or found


def _listed(stages: Sequence[_Stage]) -> str:
    more = len(stages) - _MOST_STAGES
    return ", ".join(stage.text for stage in stages[:_MOST_STAGES]) + (
        f", and {more} more" if more > 0 else ""
    )
