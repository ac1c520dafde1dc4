"""What the measuring side needs to know of a request and of where it goes; the load instrument's requests fit."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from battery.model.target import Endpoint


class Place(Protocol):
    """Where requests go."""

    @property
    def host(self) -> str:
        """A name or an address."""
        ...

    @property
    def port(self) -> int:
        """The port."""
        ...

    @property
    def server_name(self) -> str:
        """What its certificate is for."""
        ...

    @property
    def tls(self) -> bool:
        """Whether it speaks TLS."""
        ...


class Request(Protocol):
    """One request as the bytes that are sent, and what its answer must look like."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def method(self) -> str:
        """Its method: an answer to HEAD has no body."""
        ...

    @property
    def request(self) -> bytes:
        """Head and body."""
        ...

    @property
    def status(self) -> tuple[int, ...]:
        """The statuses that are right."""
        ...

    @property
    def body_contains(self) -> bytes:
        """What the body must hold; empty for anything."""
        ...

    @property
    def json(self) -> Mapping[str, object]:
        """JSON values that it must hold, by their paths."""
        ...


# How an endpoint becomes bytes: with the target's own headers, and its path before the endpoint's.
Build: TypeAlias = Callable[[Endpoint], Request]
