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
    except FileNotFoundError as error:
        hint = (
            f"; the run was cut off, go on with: battery certify --resume {path.parent}"
            if _is_open_run(path)
            else ""
        )
        raise UsageError(f"{path}: no such file{hint}") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _is_open_run(path: Path) -> bool:
    """Whether the folder is a run that has a plan and no certificate yet."""
    return (path.parent / "plan.json").is_file()
