"""Why a pool gives no connection."""


class PoolFailure(Exception):
    """No connection was to be had; nothing was asked of the other side."""


class PoolFull(PoolFailure):
    """So many wait already that one more is refused at once."""


class PoolTimeout(PoolFailure):
    """None became free in time."""
