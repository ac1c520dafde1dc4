"""One question to the service, and its answer."""

import http.client

import msgspec

_SECONDS = 10.0


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; `token` is sent as a bearer token."""

    path: str
    method: str = "GET"
    body: str = ""
    token: str = ""


class Answer(msgspec.Struct, frozen=True):
    """Its status and body; status 0 where nobody answered, and the reason as the body."""

    status: int
    body: str


def answer_to(question: Question, address: str) -> Answer:
    """Ask whoever listens at `address`."""
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    headers = {"content-type": "application/json"} if question.body else {}
    if question.token:
        headers["authorization"] = f"Bearer {question.token}"
    try:
        connection.request(question.method, question.path, question.body.encode() or None, headers)
        with connection.getresponse() as response:
            return Answer(response.status, response.read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, str(error) or type(error).__name__)
    finally:
        connection.close()
