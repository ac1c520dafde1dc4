"""What a Grafana dashboard shows."""

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown


class DashboardUnreadable(BatteryError):
    """A file is no Grafana dashboard: says what it is instead, where that can be told."""

    exit_code = 2

    def __init__(self, file: str, problem: str) -> None:
        self.file, self.problem = file, problem
        super().__init__(f"{shown(file, 200)}: {problem} (expected the JSON of a Grafana dashboard)")


class Panel(Frozen, frozen=True, kw_only=True):
    """One panel: its queries in PromQL, and the data source that it names."""

    title: str
    kind: str
    unit: str
    queries: tuple[str, ...]
    source: str = ""

    @property
    def draws(self) -> bool:
        """Whether it shows data: rows and texts do not."""
        return self.kind not in ("row", "text", "news", "dashlist", "welcome", "alertlist", "annolist")


class Dashboard(Frozen, frozen=True, kw_only=True):
    """A dashboard: its title, its panels in all rows, the data sources behind its variables."""

    file: str
    title: str
    panels: tuple[Panel, ...]
    source_variables: tuple[str, ...] = ()
