"""The drill that battery.toml orders: its [bootstrap] table with the port of the moment filled in."""

from collections.abc import Mapping
from pathlib import Path

from battery.model.quantity import seconds
from battery.model.target import PORT, Bootstrap
from battery.readiness.bootstrap.drill import Drill
from battery.readiness.bootstrap.environment import given


def drill_of(
    bootstrap: Bootstrap, source: Path, scratch: Path, port: int, environ: Mapping[str, str]
) -> Drill:
    """The drill; without a ready path the command itself has to end well."""
    number = str(port)
    base = bootstrap.url.replace(PORT, number).rstrip("/")
    return Drill(
        source=source,
        scratch=scratch,
        command=tuple(word.replace(PORT, number) for word in bootstrap.command),
        ready_url=f"{base}{bootstrap.ready}" if bootstrap.ready else "",
        seconds=seconds(bootstrap.limit),
        keep=bootstrap.environment,
        given={**given(bootstrap.env, environ), bootstrap.port_variable: number},
        warm=bootstrap.warm,
    )
