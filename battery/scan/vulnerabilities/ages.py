"""How old a database is, by the newest record of each ecosystem: what a copied file's date says is worth nothing."""

from datetime import datetime, timedelta

MOST_DAYS = 30
_AHEAD = timedelta(days=1)  # clocks differ; a record from further in the future dates nothing


class Ages:
    """The newest record and the number of records, by ecosystem."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._newest: dict[str, datetime] = {}
        self._counts: dict[str, int] = {}

    def see(self, ecosystem: str, modified: datetime) -> None:
        """Take one record in."""
        self._counts[ecosystem] = self._counts.get(ecosystem, 0) + 1
        if modified <= self._now + _AHEAD:
            self._newest[ecosystem] = max(modified, self._newest.get(ecosystem, modified))

    def holds(self, ecosystem: str) -> bool:
        """Whether there is any record of the ecosystem."""
        return ecosystem in self._counts

    def told(self, ecosystem: str) -> str:
        """Date, age and size, for people."""
        count = self._counts.get(ecosystem, 0)
        newest = self._newest.get(ecosystem)
        if newest is None:
            return f"{count} records, none with a date that can be"
        return f"{count} records, the newest of {newest:%Y-%m-%d}, {self._days(newest)} days old"

    def problem(self, ecosystem: str) -> str:
        """Why the database says too little of the ecosystem; empty when it does not."""
        newest = self._newest.get(ecosystem)
        if newest is not None and self._now - newest <= timedelta(days=MOST_DAYS):
            return ""
        return (
            f"the vulnerability database is too old for {ecosystem}: {self.told(ecosystem)}, and at most "
            f"{MOST_DAYS} are allowed; fetch {ecosystem}/all.zip of the OSV export anew"
        )

    def _days(self, newest: datetime) -> int:
        return max((self._now - newest).days, 0)
