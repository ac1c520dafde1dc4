"""The trace: numbered through, headers by name only."""

from battery.scan.target.trace import Trace


def test_traces_are_joined_and_numbered_on() -> None:
    first, second = Trace(), Trace()
    first.add("headers", "GET", "http://t/", ("Host", "Authorization"), "status 200", 0.01234)
    second.add("cors", "GET", "http://t/x", (), "not sent", 0.0, sent=False)
    first.take(second)
    assert [(entry.number, entry.scanner, entry.sent) for entry in first.exchanges] == [
        (1, "headers", True),
        (2, "cors", False),
    ]
    assert first.exchanges[0].seconds == 0.012
