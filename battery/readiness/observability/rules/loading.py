"""Rule files from disk: those that Prometheus would load, and a flaw for each that it would not."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.rules.promtool import ask_promtool
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile, RulesUnreadable


class Loaded(NamedTuple):
    """The sound files, what is wrong with the others, and promtool's words by file."""

    files: tuple[RuleFile, ...]
    flaws: tuple[Flaw, ...]
    opinions: dict[str, str]


def load_rules(paths: Iterable[Path], *, path: str | None = None) -> Loaded:
    """Read every file, and ask the promtool on `path`, by default the PATH of this process."""
    files: list[RuleFile] = []
    flaws: list[Flaw] = []
    opinions: dict[str, str] = {}
    for each in paths:
        try:
            files.append(read_rules(each.read_bytes(), each.name))
        except RulesUnreadable as error:
            flaws.append(
                Flaw(
                    rule="rules.unreadable",
                    where=each.name,
                    text=f"Prometheus would not load it: {str(error).removeprefix(each.name + ': ')}",
                )
            )
            continue
        except OSError as error:
            flaws.append(
                Flaw(rule="rules.unreadable", where=each.name, text=f"cannot be read: {error.strerror}")
            )
            continue
        opinion = ask_promtool(each, path=path)
        opinions[each.name] = opinion.said
        if opinion.accepted is False:
            flaws.append(
                Flaw(rule="rules.promtool", where=each.name, text=f"promtool refuses it: {opinion.said}")
            )
    return Loaded(files=tuple(files), flaws=tuple(flaws), opinions=opinions)
