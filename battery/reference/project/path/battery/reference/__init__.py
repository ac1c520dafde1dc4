"""The reference target of the folder that this file lies in, under the name that its code calls itself."""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parents[4])]
