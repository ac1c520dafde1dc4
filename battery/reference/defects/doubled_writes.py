"""Records that are stored twice."""

from battery.reference.defects.defect import Defect
from battery.reference.defects.delegating_store import DelegatingStore
from battery.reference.record import Keeping, RecordDraft
from battery.reference.store.interface import Store

DEFECT = Defect(
    name="doubled_writes",
    title="the records' key is not unique: a retry is stored again, and every 10th record at once twice",
    instrument="chaos",
)
EVERY = 10


class DoublingStore(DelegatingStore):
    """Retries, every so often, what had succeeded; the store below has been told not to mind the key."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._count = 0

    async def keep(self, draft: RecordDraft) -> Keeping:
        """Store a record once or twice."""
        keeping = await self._store.keep(draft)
        self._count += 1
        if self._count % EVERY == 0:
            await self._store.keep(draft)
        return keeping
