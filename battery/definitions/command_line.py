"""The command line over battery.toml: what a user says there wins, checked alike."""

from collections.abc import Mapping

import msgspec

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.model.definition import Definition, LoadChoice
from battery.model.frozen import Frozen
from battery.model.security import Security
from battery.model.target import Source


class _LoadTable(Frozen, frozen=True, kw_only=True):
    """The [load] table by itself, so that errors name its keys as battery.toml does."""

    load: LoadChoice


class _SecurityTable(Frozen, frozen=True, kw_only=True):
    """The [security] table by itself, likewise."""

    security: Security


def with_toxiproxy(definition: Definition, url: str) -> Definition:
    """The definition with the command line's Toxiproxy server."""
    return msgspec.structs.replace(definition, chaos=msgspec.structs.replace(definition.chaos, toxiproxy=url))


def with_load(definition: Definition, options: Mapping[str, object]) -> Definition:
    """The definition with the command line's words over its [load] table.

    Raises: DefinitionError.
    """
    table = {**msgspec.to_builtins(definition.load), **options}
    place = "command line, as battery.toml"
    chosen = msgspec.structs.replace(definition, load=decode({"load": table}, _LoadTable, place).load)
    check_definition(chosen, place)
    return chosen


def with_security(definition: Definition, options: Mapping[str, object]) -> Definition:
    """The definition with the command line's words over its [security] table.

    Raises: DefinitionError.
    """
    table = {**msgspec.to_builtins(definition.security), **options}
    place = "command line, as battery.toml"
    security = decode({"security": table}, _SecurityTable, place).security
    chosen = msgspec.structs.replace(definition, security=security)
    check_definition(chosen, place)
    return chosen


def with_target(definition: Definition, url: str, source: str) -> Definition:
    """The definition with the command line's URL and source tree over it."""
    if url:
        definition = msgspec.structs.replace(
            definition, target=msgspec.structs.replace(definition.target, url=url)
        )
    if source:
        tree = msgspec.structs.replace(definition.source or Source(), path=source)
        definition = msgspec.structs.replace(definition, source=tree)
    return definition
