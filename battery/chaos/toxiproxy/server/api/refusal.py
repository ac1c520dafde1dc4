"""What the API refuses, in the original's words."""


class Refusal(Exception):
    """A request cannot be done; carries the status to answer with."""

    def __init__(self, text: str, status: int) -> None:
        self.text, self.status = text, status
        super().__init__(text)


def bad_body(problem: str) -> Refusal:
    """The body cannot be read as what it should be."""
    return Refusal(f"bad request body: {problem}", 400)


def missing(field: str) -> Refusal:
    """A field that has to be there is empty or not there."""
    return Refusal(f"missing required field: {field}", 400)


def proxy_not_found() -> Refusal:
    """No proxy of that name."""
    return Refusal("proxy not found", 404)


def proxy_exists() -> Refusal:
    """The name is taken."""
    return Refusal("proxy already exists", 409)


def invalid_stream() -> Refusal:
    """Neither direction."""
    return Refusal("stream was invalid, can be either upstream or downstream", 400)


def invalid_toxic() -> Refusal:
    """No such kind."""
    return Refusal("invalid toxic type", 400)


def toxic_exists() -> Refusal:
    """The name is taken, by a toxic of either stream."""
    return Refusal("toxic already exists", 409)


def toxic_not_found() -> Refusal:
    """No toxic of that name."""
    return Refusal("toxic not found", 404)
