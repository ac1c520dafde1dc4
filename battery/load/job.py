"""The job: what one generator is told to send, and when."""

from typing import Literal

from battery.model.frozen import Frozen


class JobEndpoint(Frozen, frozen=True, kw_only=True):
    """One request, built once, with what its answer must look like."""

    name: str
    weight_class: str
    weight: int
    method: str
    request: bytes
    status: tuple[int, ...]
    body_contains: bytes
    json: dict[str, str | int | float | bool | None] = {}


class JobStage(Frozen, frozen=True, kw_only=True):
    """One stage of this generator's share: rates in requests per second, users as a number; `counted` is false for warm-up."""

    name: str
    seconds: float
    rate_from: float = 0.0
    rate_to: float = 0.0
    users: int = 0
    counted: bool = True


class Job(Frozen, frozen=True, kw_only=True):
    """A generator's whole work. `start` is a wall-clock time, so that generators on other machines begin together.

    `deadline` is how long a request may take from its sending, or wait unsent. `connections` limits the open model;
    a closed one has a connection for each user. `run` tells the snapshots of one run from those of another. `profile` and
    `shares`, how many generators the load was split among, are only for those who watch.
    """

    worker: str
    host: str
    port: int
    tls: bool
    verify_tls: bool
    server_name: str
    model: Literal["open", "closed"]
    arrivals: Literal["poisson", "constant"]
    seed: int
    phase: float
    start: float
    stages: tuple[JobStage, ...]
    endpoints: tuple[JobEndpoint, ...]
    deadline: float = 5.0
    connections: int = 512
    body_cap: int = 16 * 1024 * 1024
    think: float = 0.0
    run: int = 0
    profile: str = ""
    shares: int = 1
