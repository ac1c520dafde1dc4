"""The demo's target: the reference, described as a user would describe it."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from battery.cli.output import say

if TYPE_CHECKING:
    from battery.model.definition import Definition


def demo_definition(stack: ExitStack) -> "tuple[Definition, Path]":
    """The definition of the reference target, and its source folder; its dependency lives as long as the stack."""
    import os
    import tempfile

    import battery.reference
    from battery.definitions.battery_toml import check_definition
    from battery.definitions.decoding import decode
    from battery.definitions.toml_file import parse
    from battery.load.fleet import free_port
    from battery.model.definition import Definition
    from battery.reference.demo import demo_definition_toml, demo_process_toml
    from battery.reference.demo_dependency import ReferenceDependency
    from battery.reference.demo_instruments import WRITER, demo_environment, demo_instruments_toml

    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="battery-demo-")))
    dependency = stack.enter_context(ReferenceDependency(data))
    port = free_port("127.0.0.1")
    url = f"http://127.0.0.1:{port}"
    say(f"demo: the reference target will answer at {url}, its dependency does at {dependency.address}")
    source = Path(battery.reference.__file__).resolve().parent
    os.environ.update(demo_environment())  # the callers' tokens are made for this run and stand nowhere else
    text = demo_definition_toml(url, source, WRITER) + demo_process_toml(port, data, dependency.address)
    text += demo_instruments_toml(data)
    definition = decode(
        parse(text.encode(), "the demo's battery.toml"), Definition, "the demo's battery.toml"
    )
    check_definition(definition, "the demo's battery.toml")
    return definition, source
