"""What the battery calls of a target: the endpoints of battery.toml and its health paths."""

from battery.model.definition import Definition
from battery.readiness.docs.api_description import Exercised


def exercised_by(definition: Definition) -> tuple[Exercised, ...]:
    """Each method and path once, in the order of battery.toml; placeholders stand for any value."""
    target = definition.target
    calls = [(endpoint.method, endpoint.path) for endpoint in definition.endpoint]
    calls += [("GET", path) for path in (target.live, target.ready, target.status) if path]
    if definition.durability:
        write, read = definition.durability.write, definition.durability.read
        calls += [(write.method, write.path), ("GET", read.path)]
    return tuple(Exercised(method=method, path=path) for method, path in dict.fromkeys(calls))
