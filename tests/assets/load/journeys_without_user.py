"""A locustfile in which only an abstract user is."""

from locust import HttpUser


class Nobody(HttpUser):
    """Abstract."""

    abstract = True
