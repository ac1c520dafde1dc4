"""The scanners by name, imported when they are wanted: their tools are heavy."""

from importlib import import_module

from battery.errors import UsageError
from battery.model.security import TARGET_SCANNERS
from battery.scan.target.view import Scanner


def scanners_named(names: tuple[str, ...]) -> tuple[Scanner, ...]:
    """The scanners of these names, in the order in which they disturb each other least.

    Raises: UsageError for a name that nothing has.
    """
    for name in names:
        if name not in TARGET_SCANNERS:
            raise UsageError(f"no target scanner is called {name!r}; there are {', '.join(TARGET_SCANNERS)}")
    return tuple(_scanner(name) for name in TARGET_SCANNERS if name in names)


def _scanner(name: str) -> Scanner:
    scanner: Scanner = import_module(f"battery.scan.target.{name}").SCANNER
    return scanner
