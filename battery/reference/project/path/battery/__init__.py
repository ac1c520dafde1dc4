"""battery, as a copy of the project needs it: its reference is the copy, the rest is whatever is installed."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
