"""One look at a ready URL says what it saw."""

import pytest

from battery.readiness.bootstrap.ready import ReadyProbe


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/ready", "ConnectError"),
        ("no url", "UnsupportedProtocol"),
        ("http://a:b", "no URL"),
    ],
)
def test_who_does_not_answer_is_not_ready(url: str, said: str) -> None:
    with ReadyProbe(url) as probe:
        assert not probe.is_ready()
        assert said in probe.last
