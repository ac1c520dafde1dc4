"""The drill: write, back up, destroy, restore, and compare what is there with what was there.

1 something fresh is written, so that an older backup cannot pass for this one; 2 the content is hashed; 3 backed up;
4 hashed again: who writes meanwhile spoils the comparison, and then nothing is destroyed; 5 destroyed; 6 hashed: it must be gone; 7 restored;
8 hashed: it must be what it was; 9 the target is ready again. Exit codes are noted and prove nothing.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from battery.model.capabilities import SnapshotsShown
from battery.model.frozen import Frozen
from battery.model.quantity import seconds
from battery.readiness.snapshots.command import Place, Ran, environment, run_command
from battery.readiness.snapshots.content import EMPTY, digest_of
from battery.readiness.snapshots.errors import DrillStopped

_POLL = 0.1
_FAILED = "digest_command ended with"


class BackupDrill(Frozen, frozen=True, kw_only=True):
    """What was seen at each step; digests are empty where nothing could be compared."""

    ran: tuple[Ran, ...] = ()
    wrote: bool | None = None
    """Whether the content changed with what was written first; none where nothing was written."""
    before: str = ""
    at_destruction: str = ""
    destroyed: str = ""
    restored: str = ""
    recovery_point: float | None = None
    recovery_time: float | None = None
    trouble: str = ""

    @property
    def quiet(self) -> bool:
        """Whether nobody wrote between the backup and the destruction."""
        return bool(self.before) and self.before == self.at_destruction


class Rehearsal:
    """Goes through the steps; `seen` holds what was found so far, whatever ended it."""

    def __init__(
        self,
        shown: SnapshotsShown,
        base: Path,
        scratch: Path,
        environ: Mapping[str, str],
        *,
        write: Callable[[], object] | None,
        ready: Callable[[], bool],
    ) -> None:
        """`base` is where commands run, `scratch` an empty folder for the backup and the logs."""
        backup = str((scratch / "backup").resolve())
        self._shown, self._base, self._write, self._ready = shown, base, write, ready
        self._place = Place(
            folder=base,
            env=environment(environ, backup),
            seconds=seconds(shown.limit),
            logs=scratch / "logs",
            backup=backup,
        )
        self._number = 0
        self.seen = BackupDrill()

    def run(self) -> BackupDrill:
        """All steps; the first that goes wrong ends it, but what was destroyed is restored in any case."""
        try:
            self._prepare()
            began = time.monotonic()
            self._must("backup", self._shown.backup)
            self._note(at_destruction=self._digest())
            self._require_proof()
            self._destroy_and_restore(began)
        except DrillStopped as error:
            self._note(trouble=str(error))
        return self.seen

    def _prepare(self) -> None:
        """1 and 2. An empty content would be equal to anything that is lost."""
        if self._write is not None:
            untouched = self._digest()
            self._write()
            self._note(before=self._digest())
            self._note(wrote=self.seen.before != untouched)
        else:
            self._note(before=self._digest())

    def _require_proof(self) -> None:
        """Nothing is destroyed for a comparison that could prove nothing."""
        if self.seen.before == EMPTY:
            raise DrillStopped("there is no content to begin with: mend [capabilities.snapshots] content")
        if self.seen.before.startswith(_FAILED):
            raise DrillStopped(f"the content cannot be seen: {self.seen.before}")
        if self.seen.wrote is False:
            raise DrillStopped(
                "what was written did not change the content: it is not looked at where it stands"
            )
        if not self.seen.quiet:
            raise DrillStopped(
                "the content changed during the backup: nobody else may write during the drill"
            )

    def _destroy_and_restore(self, backed_up: float) -> None:
        gone = time.monotonic()
        self._note(recovery_point=gone - backed_up)
        try:
            self._must("destroy", self._shown.destroy)
            self._note(destroyed=self._digest())
        finally:
            restored = self._run("restore", self._shown.restore)
        self._note(restored=self._digest())
        if restored.code != 0:
            raise DrillStopped(
                f"restore ended with {restored.code}: {restored.said}; the content may still be destroyed"
            )
        self._wait_until_ready(gone)
        self._note(recovery_time=time.monotonic() - gone)

    def _wait_until_ready(self, since: float) -> None:
        limit = self._place.seconds
        while not self._ready():
            if time.monotonic() - since > limit:
                raise DrillStopped(
                    f"the target was not ready within {limit:g} s after its content was restored"
                )
            time.sleep(_POLL)

    def _digest(self) -> str:
        if not self._shown.digest_command:
            return digest_of([self._base / place for place in self._shown.content])
        self._number += 1
        ran = self._run(f"digest-{self._number}", self._shown.digest_command)
        if ran.code != 0:
            # Content that was destroyed may leave nothing to ask; that is told apart from every digest.
            return f"{_FAILED} {ran.code}: {ran.said}"
        printed = ran.log.read_bytes().strip()
        return f"sha256:{hashlib.sha256(printed).hexdigest()}" if printed else EMPTY

    def _must(self, name: str, command: tuple[str, ...]) -> None:
        ran = self._run(name, command)
        if ran.code != 0:
            raise DrillStopped(f"{name} ended with {ran.code}: {ran.said}")

    def _run(self, name: str, command: tuple[str, ...]) -> Ran:
        ran = run_command(name, command, self._place)
        self._note(ran=(*self.seen.ran, ran))
        return ran

    def _note(self, **found: object) -> None:
        self.seen = msgspec.structs.replace(self.seen, **found)
