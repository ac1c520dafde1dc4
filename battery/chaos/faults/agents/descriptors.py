"""The descriptors of an agent: as many as the system lets a process have."""

import resource


def raise_limit() -> None:
    """Raise our own limit of open files to the highest that is allowed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def most_connections() -> int:
    """How many connections an agent can hold, leaving some descriptors for itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1_000_000 if hard == resource.RLIM_INFINITY else hard - 32
