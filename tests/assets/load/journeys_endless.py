"""A locustfile that never lets anybody else run."""

from locust import HttpUser, task


class Endless(HttpUser):
    """Computes for ever."""

    @task
    def compute(self) -> None:
        """Computes for ever."""
        self.client.get("/items")
        while True:
            pass
