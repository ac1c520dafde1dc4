"""A battery's load master or worker that claims another version: `other_version.py master|worker OPTION…`."""

import importlib
import sys

if __name__ == "__main__":
    module = importlib.import_module(f"battery.load.control.{sys.argv.pop(1)}")
    module.version = lambda: "0.0.1"  # type: ignore[attr-defined]
    module.main()
