"""Locust's own fastest client on one path, with the same expectation as its peers in the benchmark."""

from locust import FastHttpUser, task


class FastUser(FastHttpUser):
    """Asks again as soon as it has an answer."""

    @task
    def ask(self) -> None:
        """200, and the text inside."""
        with self.client.get("/", catch_response=True) as answer:
            if answer.status_code != 200 or "hello" not in (answer.text or ""):
                answer.failure("not as expected")
