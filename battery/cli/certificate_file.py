"""Reading a certificate file: never more bytes than a certificate can have."""

from pathlib import Path

from battery.errors import UsageError


def read_certificate(path: Path) -> bytes:
    """At most one byte more than the size cap, so that a huge file is refused and not loaded.

    Raises: UsageError when it cannot be read.
    """
    from battery.certificate.bundle import SIZE_CAP

    try:
        with path.open("rb") as file:
            return file.read(SIZE_CAP + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
