"""A process without a free descriptor, for the time of a block."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LIMIT = 256


@contextmanager
def no_free_descriptor() -> Iterator[None]:
    """Lowers this process's limit and takes what is left of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[IO[bytes]] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (_LIMIT, hard))
    try:
        try:
            taken.extend(Path("/dev/null").open("rb") for _ in range(_LIMIT))  # noqa: SIM115 -- closed below
        except OSError:
            yield
        else:
            raise AssertionError("there was always one more")
    finally:
        for file in taken:
            file.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
