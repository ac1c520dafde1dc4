"""A setting: one named value in a file of settings, whatever the file's format."""

import re

from battery.model.frozen import Frozen

_TRUE = frozenset({"true", "1", "yes", "on", "enabled"})
_FALSE = frozenset({"false", "0", "no", "off", "disabled", "none"})


class Setting(Frozen, frozen=True, kw_only=True):
    """A value under its path of names, as text; a list has one setting an item."""

    path: tuple[str, ...]
    value: str
    line: int

    @property
    def name(self) -> str:
        """The last name as one spelling: lower case, words joined by underscores."""
        return spelled(self.path[-1]) if self.path else ""

    @property
    def words(self) -> str:
        """All names in one text, spelled like `name`."""
        return ".".join(spelled(part) for part in self.path)

    @property
    def is_on(self) -> bool:
        """Whether the value switches on."""
        return self.value.strip().lower() in _TRUE

    @property
    def is_off(self) -> bool:
        """Whether the value switches off."""
        return self.value.strip().lower() in _FALSE


def spelled(name: str) -> str:
    """allowOrigins, allow-origins and ALLOW_ORIGINS as one: allow_origins."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
