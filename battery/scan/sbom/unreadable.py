"""A dependency source that cannot be believed: which file, which place in it, what is wrong."""

import re

from battery.errors import BatteryError

_CREDENTIALS = re.compile(r"(?<=//)[^/@\s]+@")


class SourceUnreadable(BatteryError):
    """A lock file or environment cannot be read: says which file, where in it, and what was expected."""

    exit_code = 2

    def __init__(self, problem: str, *, file: str = "", place: str = "") -> None:
        self.problem, self.file, self.place = problem, file, place
        where = ": ".join(part for part in (shown(file, 200), shown(place, 200)) if part)
        super().__init__(f"{where}: {problem}" if where else problem)

    def of_file(self, file: str) -> "SourceUnreadable":
        """The same error, with the name of the file it is about."""
        return SourceUnreadable(self.problem, file=file, place=self.place)


def shown(text: str, longest: int = 80) -> str:
    """Text from a source, made safe for one line: without credentials in its URLs, without control characters."""
    plain = _CREDENTIALS.sub("***@", text)
    return ascii(plain if len(plain) <= longest else plain[:longest] + "…")[1:-1]
