"""schema: print the JSON Schema of battery.toml."""

import argparse

from battery.cli.output import emit_json


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options: none."""
    parser.epilog = "Editors with a TOML language server can check battery.toml against it."


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 -- one shape for all commands
    """Print it."""
    from battery.definitions.schema import battery_toml_schema

    emit_json(battery_toml_schema())
    return 0
