"""The battery's own version."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """The installed version; "0+unknown" where the package is not installed."""
    try:
        return installed("hardening-battery")
    except PackageNotFoundError:
        return "0+unknown"
