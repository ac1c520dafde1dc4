"""The conductor: as much of a Locust runner as a locustfile may ask for; the profile conducts the rest."""

from battery.load.journeys.crowd import Crowd


class Conductor:
    """Stands in `environment.runner`."""

    state = "running"
    worker_count = 1
    worker_index = 0

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    @property
    def user_count(self) -> int:
        """How many users are there."""
        return len(self._crowd.present)

    def quit(self) -> None:
        """End the run early, with a complete ledger."""
        self._crowd.stop_wanted = True

    def stop(self) -> None:
        """As quit()."""
        self._crowd.stop_wanted = True
