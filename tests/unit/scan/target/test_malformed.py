"""Malformed requests: each by its own name, for the path and host that were named."""

from battery.scan.target.malformed import malformed_requests


def test_each_has_a_name_of_its_own_and_asks_only_for_the_named_path() -> None:
    requests = malformed_requests("/app/", "shop.example", body_size=10)
    assert len({request.name for request in requests}) == len(requests) == 23
    for request in requests:
        head = request.data.partition(b"\r\n")[0]
        assert b" /app/" in head or request.name in ("no HTTP", "TLS in place of HTTP")
        assert b"\r\n\r\n" in request.data


def test_only_what_two_readers_split_differently_smuggles() -> None:
    requests = malformed_requests("/", "h", body_size=1)
    assert [request.name for request in requests if request.smuggles] == [
        "two different lengths",
        "unknown transfer coding",
    ]
