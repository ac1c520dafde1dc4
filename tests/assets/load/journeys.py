"""A locustfile: two clients, a journey of two steps, a judged answer, and what a test wants by its environment."""

import os
from typing import Any

from locust import FastHttpUser, HttpUser, SequentialTaskSet, between, constant, events, task

FAST = os.environ.get("JOURNEYS_CLIENT") == "fast"
STEP = os.environ.get("JOURNEYS_STEP", "buy")
WAIT = float(os.environ.get("JOURNEYS_WAIT", "0.01"))
print("this must not end up among the snapshots")


class Steps:
    """What both clients do."""

    client: Any

    def on_start(self) -> None:
        self.client.post("/login", json={"name": "ada"})

    def buy(self) -> None:
        """Two requests; the second is judged."""
        self.client.get("/items", params={"page": "1"}, name="/items")
        with self.client.get("/cart", catch_response=True) as answer:
            if "empty" in answer.text:
                answer.failure("the cart is empty")

    def hang(self) -> None:
        """A request that the server answers late or never."""
        self.client.get("/hang")

    def drip(self) -> None:
        """An answer of one byte a little while."""
        self.client.get("/drip")

    def forget(self) -> None:
        """An answer that is asked for to be judged and never is."""
        self.client.get("/items", name="/forgotten", catch_response=True)

    def misread(self) -> None:
        """An answer that is well as such, but not what this code expects."""
        self.client.get("/items", name="/misread").json()["no such key"]

    def fail(self) -> None:
        """A status, a close, and a judgement about a status."""
        self.client.get("/error")
        self.client.get("/close")
        with self.client.get("/error", name="/judged", catch_response=True) as answer:
            answer.failure("I do not like it")
        with self.client.get("/error", name="/welcome", catch_response=True) as answer:
            answer.success()

    def nothing(self) -> None:
        """No request at all."""

    def transfer(self) -> None:
        """Another protocol than HTTP."""
        with self.environment.events.request.measure("RPC", "transfer"):  # type: ignore[attr-defined]
            pass

    def step(self) -> None:
        """The step that the test chose."""
        getattr(self, STEP)()

    def on_stop(self) -> None:
        self.client.post("/logout")


class Slow(Steps, HttpUser):
    """On requests."""

    abstract = FAST
    wait_time = constant(WAIT)
    tasks = [Steps.step]


class Fast(Steps, FastHttpUser):
    """On geventhttpclient."""

    abstract = not FAST
    wait_time = between(WAIT, WAIT)
    tasks = [Steps.step]


if os.environ.get("JOURNEYS_SEQUENCE"):

    class Sequence(SequentialTaskSet):
        """Three steps in their order, with waits that only a closed model keeps."""

        wait_time = constant(30)

        @task
        def one(self) -> None:
            """First."""
            self.client.get("/items", name="/one")

        @task
        def two(self) -> None:
            """Second."""
            self.client.get("/items", name="/two")
            self.user.wait()  # type: ignore[no-untyped-call]

        @task
        def three(self) -> None:
            """Third."""
            self.client.get("/items", name="/three")
            self.interrupt()  # type: ignore[no-untyped-call]

    Slow.tasks = [Sequence]

if os.environ.get("JOURNEYS_LISTENER"):

    @events.request.add_listener  # type: ignore[untyped-decorator]
    def broken(context: dict[str, object], **_: object) -> None:
        """Raises; and sees nothing in the context that is not the user's."""
        assert not context
        raise RuntimeError("the listener broke")
