"""What the target says it is."""

import httpx
import pytest

from battery.model.target import Identity
from battery.readiness.identity import read_identity


class Endless(httpx.SyncByteStream):
    """A body without end, which counts what was taken of it."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self) -> "Endless":
        return self

    def __next__(self) -> bytes:
        self.taken += 1024
        return b"x" * 1024


def identity_in(body: bytes | httpx.SyncByteStream, json: str = "", status: int = 200) -> str:
    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(body, bytes):
            return httpx.Response(status, content=body)
        return httpx.Response(status, stream=body)

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://target") as client:
        return read_identity(client, Identity(path="/version", json=json))


@pytest.mark.parametrize(
    ("body", "json", "identity"),
    [
        (b" 1.2.3\n", "", "1.2.3"),
        (b'{"commit": "4f2a"}', "commit", "4f2a"),
        (b'{"build": {"number": 7}}', "build.number", "7"),
        (b'{"build": 0}', "build", "0"),
        (b'{"build": null}', "build", ""),
        (b'{"build": {}}', "build.number", ""),
        (b'["build"]', "build", ""),
        (b'{"build": ', "build", ""),
        (b'{"build": "\xff"}', "build", ""),
        (b"[" * 60_000, "build", ""),
        (b"", "", ""),
        (b"\xff\xfe", "", "\ufffd\ufffd"),
    ],
)
def test_the_identity_is_the_body_or_what_stands_at_the_path(body: bytes, json: str, identity: str) -> None:
    assert identity_in(body, json) == identity


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_only_a_good_answer_identifies(status: int) -> None:
    assert identity_in(b"1.2.3", status=status) == ""


def test_nothing_is_asked_where_nothing_is_named() -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda request: pytest.fail("asked"))) as client:
        assert read_identity(client, None) == ""


def test_long_identities_that_differ_at_their_end_differ() -> None:
    one, other = (identity_in(b"x" * 300 + end) for end in (b"1", b"2"))
    assert one != other
    assert one.startswith("sha256:")


def test_an_answer_without_end_is_read_as_far_as_needed() -> None:
    body = Endless()
    assert identity_in(body).startswith("sha256:")
    assert body.taken == 64 * 1024


def test_a_target_that_does_not_answer_is_for_the_caller() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    client = httpx.Client(transport=httpx.MockTransport(refuse), base_url="http://target")
    with client, pytest.raises(httpx.ConnectError):
        read_identity(client, Identity(path="/version"))
