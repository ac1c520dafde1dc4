"""The new run of a certify: what it is about, and its folder with the plan."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import say

if TYPE_CHECKING:
    from battery.model.definition import Definition
    from battery.model.plan import Subject
    from battery.store import RunFolder


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
        ),
    )


def _definition(arguments: argparse.Namespace, stack: ExitStack) -> "tuple[Definition, Path]":
    """What is certified, and the folder that its relative paths start from."""
    from battery.definitions.battery_toml import load_definition
    from battery.errors import UsageError
    from battery.model.definition import Definition
    from battery.pipeline import with_target

    if arguments.demo:
        return _demo(stack)
    found = Path("battery.toml") if Path("battery.toml").exists() else None
    path = arguments.config or (None if arguments.baseline else found)
    definition = load_definition(path) if path else Definition()
    base = path.resolve().parent if path else Path.cwd()
    source = str(Path(arguments.source).absolute()) if arguments.source else ""
    definition = with_target(definition, arguments.url, source)
    if not arguments.baseline and not definition.target.url and definition.source is None:
        raise UsageError(
            "nothing to certify: give a URL or --source DIR, write a battery.toml (`battery init`), or try --demo"
        )
    return definition, base


def _demo(stack: ExitStack) -> "tuple[Definition, Path]":
    import tempfile

    import battery.reference
    from battery.definitions.battery_toml import check_definition
    from battery.definitions.decoding import decode
    from battery.definitions.toml_file import parse
    from battery.model.definition import Definition
    from battery.reference.demo import ReferenceTarget, demo_definition_toml

    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="battery-demo-")))
    target = stack.enter_context(ReferenceTarget(data))
    say(f"demo: the reference target answers at {target.url} (process {target.pid})")
    source = Path(battery.reference.__file__).resolve().parent
    text = demo_definition_toml(target.url, source)
    definition = decode(
        parse(text.encode(), "the demo's battery.toml"), Definition, "the demo's battery.toml"
    )
    check_definition(definition, "the demo's battery.toml")
    return definition, source


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
