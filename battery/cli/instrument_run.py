"""The new run of one instrument, which certifies nothing and so needs no subject."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.new_run import DEFAULT, check_url_argument, read_definition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from battery.definitions.soak import Soak
    from battery.model.definition import Definition
    from battery.pipeline import Choices
    from battery.store import RunFolder


def new_instrument_run(
    arguments: argparse.Namespace,
    instrument: str,
    load_options: "Mapping[str, object] | None" = None,
    soak: "Soak | None" = None,
    scenarios: tuple[str, ...] = (),
    toxiproxy: str = "",
) -> "RunFolder":
    """The folder of a run of the instrument.

    Raises: UsageError, DefinitionError, StoreError.
    """
    import msgspec

    from battery.definitions.command_line import with_load, with_target, with_toxiproxy
    from battery.errors import UsageError
    from battery.pipeline import prepare

    check_url_argument(arguments.url)
    definition, base = read_definition(arguments.config, DEFAULT)
    definition = with_load(with_target(definition, arguments.url, ""), load_options or {})
    if toxiproxy:
        definition = with_toxiproxy(definition, toxiproxy)
    if not definition.target.url:
        raise UsageError(
            "no target: give its URL, or write it as [target] url in battery.toml (`battery init`)"
        )
    choices = _instrument_choices(arguments, definition, instrument)
    choices = msgspec.structs.replace(
        choices, profiles=arguments.profiles, seed=arguments.seed, soak=soak, scenarios=scenarios
    )
    return prepare(definition, base, arguments.out, choices)


def new_scan_run(
    arguments: argparse.Namespace, options: "Mapping[str, object]", scanners: tuple[str, ...]
) -> "RunFolder":
    """The folder of a scan; `scanners` are those asked for, none for all that there is something to scan for.

    Raises: UsageError, DefinitionError, StoreError.
    """
    import msgspec

    from battery.definitions.command_line import with_security, with_target
    from battery.model.security import TARGET_SCANNERS
    from battery.pipeline import prepare

    check_url_argument(arguments.url)
    definition, base = read_definition(arguments.config, DEFAULT)
    source = str(Path(arguments.source).absolute()) if arguments.source else ""
    definition = with_security(with_target(definition, arguments.url, source), options)
    chosen = scanners or _scanners(definition, url=arguments.url, source=source)
    _check_scanners(chosen, definition)
    if not set(chosen) & set(TARGET_SCANNERS):
        # Nobody is asked for a look at the target.
        target = msgspec.structs.replace(definition.target, url="")
        definition = msgspec.structs.replace(definition, target=target)
    choices = msgspec.structs.replace(
        _instrument_choices(arguments, definition, "security"),
        scanners=chosen,
        new_since=arguments.new_since,
    )
    return prepare(definition, base, arguments.out, choices)


def _instrument_choices(
    arguments: argparse.Namespace, definition: "Definition", instrument: str
) -> "Choices":
    from battery.model.plan import Subject
    from battery.pipeline import Choices

    return Choices(
        mode="real",
        scenario="passing",
        intensity=arguments.intensity or definition.run.intensity,
        subject=Subject(name="nothing: an instrument's own run", sha256="0" * 64),
        nonce="",
        seed=arguments.seed,
        only=(instrument,),
        profiles=(),
        file=str(arguments.config or DEFAULT),
        promised_only=True,
    )


def _scanners(definition: "Definition", *, url: str, source: str) -> tuple[str, ...]:
    """Who has something to scan: what the command line names, or all that battery.toml names."""
    from battery.errors import UsageError
    from battery.model.security import SOURCE_SCANNERS, TARGET_SCANNERS

    chosen: list[str] = []
    if definition.source is not None and (source or not url):
        chosen += [name for name in SOURCE_SCANNERS if name != "logs"]
    if definition.security.logs and not (url or source):
        chosen.append("logs")
    if definition.target.url and (url or not source):
        chosen += TARGET_SCANNERS
    left = tuple(name for name in chosen if name not in definition.security.not_applicable)
    if not left:
        raise UsageError(
            "nothing to scan: give a URL or --source DIR, or write [target] url or [source] path in battery.toml"
        )
    return left


def _check_scanners(names: tuple[str, ...], definition: "Definition") -> None:
    """Each is known, and has something to look at.

    Raises: UsageError.
    """
    import difflib

    from battery.errors import UsageError
    from battery.model.security import SOURCE_SCANNERS, TARGET_SCANNERS

    known: tuple[str, ...] = (*SOURCE_SCANNERS, *TARGET_SCANNERS)
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise UsageError(f"--scanner: {name!r} is no scanner; {hint}")
        if name in TARGET_SCANNERS and not definition.target.url:
            raise UsageError(f"the scanner {name} looks at a target: give its URL")
        if name in SOURCE_SCANNERS and name != "logs" and definition.source is None:
            raise UsageError(f"the scanner {name} looks at a source tree: give --source DIR")
