"""What the store says when it does not do what was asked."""


class StoreFailure(Exception):
    """The store cannot serve; nothing that was asked for is acknowledged."""


class StoreBusy(StoreFailure):
    """Too much work is waiting already, or this piece waited too long."""


class StoreUnavailable(StoreFailure):
    """The database does not answer, is locked, full or damaged, or is not the file that was opened."""


class StoreFull(StoreUnavailable):
    """There is no room on the disk."""


class KeyConflict(Exception):
    """An idempotency key was used before, for another order."""
