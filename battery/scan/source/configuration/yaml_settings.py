"""YAML: its scalars with their lines. The graph of nodes is walked, never built into values, so no alias can explode."""

from collections.abc import Iterator

import yaml

from battery.scan.source.configuration.setting import Setting


def yaml_settings(text: str) -> Iterator[Setting]:
    """Every named scalar of every document.

    Raises: ValueError when it is no YAML.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = list(yaml.compose_all(text, Loader=loader))
    except yaml.YAMLError as error:
        raise ValueError("not YAML") from error
    seen: set[int] = set()
    for document in documents:
        yield from _below(document, (), seen)


def _below(node: yaml.Node | None, path: tuple[str, ...], seen: set[int]) -> Iterator[Setting]:
    if node is None or id(node) in seen:
        return
    if isinstance(node, yaml.ScalarNode):
        yield from _scalar(node, path)
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _below(value, (*path, str(getattr(name, "value", ""))), seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item, path, seen)


def _scalar(node: yaml.ScalarNode, path: tuple[str, ...]) -> Iterator[Setting]:
    """One setting. A list item NAME=value is how compose files write the environment."""
    line = node.start_mark.line + 1
    name, assigned, value = node.value.partition("=")
    if assigned and name.replace("_", "").isalnum() and path and path[-1] == "environment":
        yield Setting(path=(*path, name), value=value, line=line)
    elif path:
        yield Setting(path=path, value=node.value, line=line)
