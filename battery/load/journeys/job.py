"""The journey job: a job whose requests a user's locustfile makes."""

from battery.load.job import Job
from battery.model.frozen import Frozen


class JourneyJob(Frozen, frozen=True, kw_only=True):
    """What a journeys process is told. The job's endpoints are empty: the locustfile names its own requests.

    In an open model the job's rates are journeys per second, and its `connections` the users that may travel at once.
    """

    job: Job
    locustfile: str
    url: str
