"""A shop that the battery starts itself, its dependency behind the battery's Toxiproxy."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from battery.load.fleet import free_port
from battery.model.definition import Definition
from battery.model.observability import Observability
from battery.model.target import Dependency, Endpoint, Process, Source, Target
from tests.fakes.observed_target import pongs

REPOSITORY = Path(__file__).parents[3]
_RULES = """groups:
  - name: shop
    rules:
      - alert: DependencyDown
        expr: shop_dependency_up == 0
        for: 2s
        labels: {severity: page}
        annotations: {summary: the dependency is gone, runbook_url: docs/runbooks/dependency.md}
      - alert: NeverDown
        expr: shop_dependency_up < 0
        for: 1s
        labels: {severity: page}
        annotations: {summary: never so, runbook_url: docs/runbooks/never.md}
      - alert: AlwaysThere
        expr: shop_dependency_up >= 0
        for: 0s
        labels: {severity: page}
        annotations: {summary: always so, runbook_url: docs/runbooks/always.md}
"""


@contextmanager
def started_shop(folder: Path, *lies: str, **observability: Any) -> Iterator[Definition]:
    """The definition of a shop that lies so; its dependency runs inside the block, its rules stand in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.yml").write_text(_RULES)
    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "tests.fakes.observed_target", "--port", str(port)]
    command += ["--dependency", "{dependency.pong}", "--log", str(folder / "shop.log")]
    command += [f"--lie={lie}" for lie in lies]
    with pongs() as dependency:
        yield Definition(
            target=Target(
                url=f"http://127.0.0.1:{port}",
                live="/health/live",
                ready="/health/ready",
                status="/health/status",
                metrics="/metrics",
            ),
            endpoint=(Endpoint(name="work", path="/work"),),
            process=Process(command=tuple(command), env={"PYTHONPATH": str(REPOSITORY)}),
            dependency=(Dependency(name="pong", upstream=dependency.address, endpoint="work"),),
            source=Source(path=str(folder)),
            observability=Observability(rules=("rules.yml",), **observability),
        )
