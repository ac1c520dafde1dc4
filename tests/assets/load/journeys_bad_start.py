"""A locustfile whose users do not get through their on_start."""

from locust import HttpUser, task


class Stumbling(HttpUser):
    """Raises in on_start."""

    def on_start(self) -> None:
        raise LookupError("no password for the test user")

    @task
    def look(self) -> None:
        """Never reached."""
        self.client.get("/items")
