"""The project's own battery.toml is a definition that loads, and what it names is there."""

from battery.definitions.battery_toml import load_definition
from battery.reference.defects.source_defects import SOURCE as PROJECT


def test_it_loads_and_every_file_that_it_names_exists() -> None:
    definition = load_definition(PROJECT / "battery.toml")
    assert definition.source
    assert definition.bootstrap
    assert definition.docs
    assert definition.docs.openapi
    docs, watched = definition.docs, definition.observability
    patterns = [docs.readme, docs.quickstart, docs.runbooks, docs.openapi]
    patterns += [*watched.rules, *watched.objectives, *watched.dashboards]
    assert [pattern for pattern in patterns if not list(PROJECT.glob(pattern))] == []
    for command in (definition.source.coverage_command, definition.bootstrap.command):
        assert command[:2] == ("python3", "project")
        assert (PROJECT / command[1] / "__main__.py").is_file()
