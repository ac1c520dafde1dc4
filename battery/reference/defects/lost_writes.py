"""Records that are acknowledged before they are durable."""

from collections import deque

from battery.reference.defects.defect import Defect
from battery.reference.defects.delegating_store import DelegatingStore
from battery.reference.record import Keeping, Record, RecordDraft
from battery.reference.store.failure import StoreFailure
from battery.reference.store.interface import Store

DEFECT = Defect(
    name="lost_writes",
    title="the newest 5 acknowledged records stand in memory only, and a kill or a database outage loses them",
    instrument="chaos",
)
HELD_BACK = 5


class LosingStore(DelegatingStore):
    """Holds the newest records back: one is written when five newer ones have been acknowledged."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._held: deque[RecordDraft] = deque()

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Acknowledge at once."""
        replayed = draft in self._held
        if not replayed:
            self._held.append(draft)
        while len(self._held) > HELD_BACK:
            await self._write_oldest()
        return Keeping(Record(0, draft.id, draft.run), replayed)

    async def kept(self, run: str) -> list[Record]:
        """What is stored and what is held, so that the loss shows only after a fault."""
        stored = await self._store.kept(run)
        return stored + [Record(0, draft.id, draft.run) for draft in self._held if draft.run == run]

    async def finish(self) -> None:
        """A gentle end writes what is held."""
        while self._held:
            await self._write_oldest()
        await super().finish()

    async def _write_oldest(self) -> None:
        draft = self._held.popleft()
        try:
            await self._store.keep(draft)
        except StoreFailure:
            pass  # acknowledged long ago, and lost
