"""Fleets: one that is up is lent again, for starting one takes as long as a short profile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

from battery.load.dialect import Dialect
from battery.load.fleet import Fleet
from battery.model.definition import LoadChoice


class Fleets:
    """Keeps the last fleet up; another one is started where another kind is wanted, or the last one is not whole."""

    def __init__(self) -> None:
        self._kind: object = None
        self._fleet: Fleet | None = None
        self._running = ExitStack()

    def __enter__(self) -> Self:
        """Nothing is started before it is wanted."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what is up."""
        self._end()

    @contextmanager
    def lend(
        self, choice: LoadChoice, workers: int, dialect: Dialect, tell: Callable[[str], None]
    ) -> Iterator[Fleet]:
        """A fleet for one profile. One that the block leaves by an error is not lent again, nor one of remote workers.

        Those join anew for each profile, for their clocks drift.

        Raises: FleetFailed.
        """
        kind = (choice, workers, dialect.module)
        if self._fleet is None or choice.remote or kind != self._kind or not self._fleet.is_whole():
            self._end()
            self._fleet = self._running.enter_context(Fleet.of(choice, workers, dialect, tell))
            self._kind = kind
        self._fleet.dialect = dialect
        try:
            yield self._fleet
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        self._fleet = None
        self._running.close()
