"""The fixtures that every check gets: `target`, `http`, `record`, `plan`, `earlier`, `world`, `source_folder`, `state_folder`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from battery.chaos.scenarios.world import World
from battery.checks.target_present import NO_TARGET
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.recording import Record
from battery.store import RunFolder

if TYPE_CHECKING:
    import httpx


class Fixtures:
    """A plugin object; the runner sets `current` before each item."""

    def __init__(self, plan: Plan, folder: RunFolder, world: World | None) -> None:
        self._plan, self._world = plan, world
        self._folder = folder
        self.current: Record | None = None

    @pytest.fixture
    def record(self) -> Record:
        """Where the check says what it measured."""
        assert self.current is not None, "fixtures exist only while an item runs"  # noqa: S101 -- states an invariant
        return self.current

    @pytest.fixture
    def plan(self) -> Plan:
        """The frozen plan of this run."""
        return self._plan

    @pytest.fixture
    def world(self) -> World:
        """The target with all that chaos may touch of it; the check is skipped where there is no target."""
        if self._world is None:
            pytest.skip(NO_TARGET)
        return self._world

    @pytest.fixture
    def target(self) -> Definition:
        """What battery.toml and the command line say about the target."""
        return self._plan.definition

    @pytest.fixture
    def source_folder(self) -> Path:
        """The target's source tree; the check is skipped where there is none."""
        source = self._plan.definition.source
        if source is None:
            pytest.skip("no source tree: give --source DIR or [source] path in battery.toml")
        return Path(self._plan.folder) / source.path

    @pytest.fixture
    def state_folder(self) -> Path:
        """What outlives the runs, beside them: the scans' cache and the key of their fingerprints."""
        return self._folder.path.parent / "state"

    @pytest.fixture
    def http(self) -> "Iterator[httpx.Client]":
        """A client that talks to the target and to nothing else; skipped where no URL was given."""
        from battery.runner.target_client import target_client

        if not self._plan.definition.target.url:
            pytest.skip(NO_TARGET)
        with target_client(self._plan.definition.target, os.environ) as client:
            yield client

    @pytest.fixture
    def earlier(self) -> Callable[[str], Evidence | None]:
        """What another check recorded before this one."""

        def find(check: str) -> Evidence | None:
            return next((item for item in self._folder.evidence() if item.check == check), None)

        return find
