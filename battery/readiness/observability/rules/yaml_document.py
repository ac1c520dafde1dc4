"""YAML as Prometheus reads it: one document, no key twice, scalars as text, within bounds."""

from typing import Any

import yaml

from battery.readiness.coverage.report import shown
from battery.readiness.observability.rules.rule_file import RulesUnreadable

LARGEST = 2 * 2**20
_MOST_ALIASES = 100  # what they stand for is read again for each of them


class _Loader(yaml.SafeLoader):
    """Keeps every scalar as it is written; refuses keys told twice and a crowd of aliases."""

    aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, or the one that an alias means."""
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > _MOST_ALIASES:
                raise yaml.constructor.ConstructorError(problem=f"more than {_MOST_ALIASES} aliases")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys differ."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                problem = f"the key {shown(name)!r} stands twice"
                raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _written(_: Any, node: Any) -> str | None:
    return None if node.tag.endswith(":null") else str(node.value)


for _kind in ("bool", "int", "float", "timestamp", "null", "str", "value"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _written)


def load_yaml(data: bytes, file: str) -> Any:
    """The first document in `data`, its scalars as text; Prometheus reads no further either.

    Raises: RulesUnreadable with the line.
    """
    if len(data) > LARGEST:
        raise RulesUnreadable(file, f"{len(data)} bytes, at most {LARGEST} are read")
    try:
        loader: Any = _Loader(data.decode())
        try:
            return loader.get_data() if loader.check_data() else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise RulesUnreadable(file, "is not UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        where = f"line {mark.line + 1}" if mark else ""
        raise RulesUnreadable(file, shown(str(reason), 160), where=where) from error
    except (RecursionError, ValueError) as error:
        raise RulesUnreadable(file, "is nested too deeply or no YAML") from error
