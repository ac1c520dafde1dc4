"""The new run of a certify: what it is about, and its folder with the plan."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.vulnerability_options import vulnerability_options

if TYPE_CHECKING:
    from battery.model.definition import Definition
    from battery.model.plan import Plan, Subject
    from battery.store import RunFolder


DEFAULT = Path("battery.toml")


def new_run(arguments: argparse.Namespace, stack: ExitStack) -> "RunFolder":
    """The folder of a run that is planned; the demo's target lives as long as the stack.

    Raises: UsageError, DefinitionError, StoreError, TargetUnreachable.
    """
    from battery.pipeline import Choices, prepare

    definition, base = _definition(arguments, stack)
    quick = arguments.demo or arguments.baseline
    return prepare(
        definition,
        base,
        arguments.out,
        Choices(
            mode="baseline" if arguments.baseline else "real",
            scenario=arguments.scenario,
            intensity=arguments.intensity or ("smoke" if quick else definition.run.intensity),
            subject=_subject(arguments, definition, base),
            nonce=arguments.nonce,
            seed=arguments.seed,
            only=arguments.only,
            profiles=arguments.profiles,
            file=str(arguments.config or DEFAULT),
        ),
    )


def check_source_unchanged(plan: "Plan") -> None:
    """A run that is resumed certifies the tree that it began with.

    Raises: UsageError when the source tree is another one by now.
    """
    from battery.certificate import subject
    from battery.errors import UsageError

    source = plan.definition.source
    if source is None or plan.mode == "baseline" or not plan.subject.name.startswith("source:"):
        return
    if subject.from_tree(Path(plan.folder) / source.path).sha256 != plan.subject.sha256:
        raise UsageError("the source tree has changed since this run began; start a new run")


def check_url_argument(url: str) -> None:
    """The URL of the command line, where there is one.

    Raises: UsageError.
    """
    from battery.definitions.battery_toml import check_url
    from battery.errors import DefinitionError, UsageError

    try:
        if url:
            check_url(url, "URL", "")
    except DefinitionError as error:
        raise UsageError(f"URL: {error.problem}" + (f" ({error.hint})" if error.hint else "")) from error


def read_definition(config: Path | None, default: Path | None) -> "tuple[Definition, Path]":
    """The definition in the named file, or in the default one where there is one; the folder that its paths start from."""
    from battery.definitions.battery_toml import load_definition
    from battery.model.definition import Definition

    path = config or (default if default is not None and default.exists() else None)
    return (load_definition(path), path.resolve().parent) if path else (Definition(), Path.cwd())


def _definition(arguments: argparse.Namespace, stack: ExitStack) -> "tuple[Definition, Path]":
    """What is certified, and the folder that its relative paths start from."""
    from battery.cli.demo import demo_definition
    from battery.definitions.command_line import with_security
    from battery.definitions.destruction import allowing_destruction

    definition, base = demo_definition(stack) if arguments.demo else _described(arguments)
    if arguments.allow_destructive:
        definition = allowing_destruction(definition)
    return with_security(definition, vulnerability_options(arguments)), base


def _described(arguments: argparse.Namespace) -> "tuple[Definition, Path]":
    from battery.definitions.command_line import with_target
    from battery.errors import UsageError

    definition, base = read_definition(arguments.config, None if arguments.baseline else DEFAULT)
    source = str(Path(arguments.source).absolute()) if arguments.source else ""
    definition = with_target(definition, arguments.url, source)
    if not arguments.baseline and not definition.target.url and definition.source is None:
        raise UsageError(
            "nothing to certify: give a URL or --source DIR, write a battery.toml (`battery init`), or try --demo"
        )
    return definition, base


def _subject(arguments: argparse.Namespace, definition: "Definition", base: Path) -> "Subject":
    from battery.certificate import subject
    from battery.errors import UsageError
    from battery.model.plan import Subject

    if arguments.subject:
        return subject.from_digest(arguments.subject)
    if arguments.subject_file:
        return subject.from_file(arguments.subject_file)
    if definition.source is not None:
        return subject.from_tree(base / definition.source.path)
    if arguments.baseline:
        return Subject(name="baseline", sha256="0" * 64)
    raise UsageError("what is certified? give --subject NAME@sha256:HEX, --subject-file FILE or --source DIR")
