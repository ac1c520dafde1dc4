"""The alerts of a source tree, from the rule files that battery.toml names, with the runbook that each links to."""

from collections.abc import Iterable
from pathlib import Path

from battery.readiness.docs.runbooks import AlertRunbook
from battery.readiness.docs.tree import DocumentsUnreadable
from battery.readiness.observability.files import named_files
from battery.readiness.observability.rules.reading import read_rules

_LARGEST = 4 * 2**20
_ENDINGS = (".yml", ".yaml")


def alerts_of(tree: Path, patterns: Iterable[str]) -> tuple[AlertRunbook, ...]:
    """Every alert of the files, folders and patterns, relative to the tree, in their order.

    Raises: NothingNamed when a pattern fits no file, RulesUnreadable for what Prometheus would not load.
    """
    return tuple(
        alert for path in named_files(tree, patterns, _ENDINGS) for alert in _alerts(path, tree.absolute())
    )


def _alerts(path: Path, tree: Path) -> tuple[AlertRunbook, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST)
    except OSError as error:
        raise DocumentsUnreadable(f"{path}: cannot be read: {error.strerror}") from error
    name = path.relative_to(tree).as_posix() if path.is_relative_to(tree) else str(path)
    rules = read_rules(data, name)
    return tuple(
        AlertRunbook(alert=rule.name, url=rule.annotations.get("runbook_url", "")) for rule in rules.alerts
    )
