"""One structured line of a log."""

from battery.model.frozen import Frozen


class LogLine(Frozen, frozen=True, kw_only=True):
    """Its format and its fields; nested ones under names with dots."""

    format: str
    fields: dict[str, str]

    def first(self, names: tuple[str, ...]) -> str:
        """The value of the first of some fields that is filled."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")
