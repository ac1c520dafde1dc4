"""What the libraries' exceptions say about the target."""

import h2.events
import h2.exceptions
import httpcore
import pytest

from battery.load.http2.kinds import TARGETS_OWN, kind_of


@pytest.mark.parametrize(
    ("error", "torn", "kind"),
    [
        (httpcore.RemoteProtocolError("nonsense"), False, "protocol"),
        (httpcore.RemoteProtocolError("Server disconnected"), True, "reset"),
        (httpcore.RemoteProtocolError(h2.events.StreamReset(stream_id=1)), False, "reset"),
        (httpcore.RemoteProtocolError(h2.events.ConnectionTerminated()), False, "reset"),
        (httpcore.ReadError("gone"), False, "reset"),
        (h2.exceptions.ProtocolError("nonsense"), False, "protocol"),
        (ValueError("invalid literal for int()"), False, "protocol"),
    ],
)
def test_a_broken_answer_is_told_from_a_broken_connection(error: Exception, torn: bool, kind: str) -> None:
    assert isinstance(error, TARGETS_OWN)
    assert kind_of(error, torn=torn) == kind


def test_a_defect_of_ours_is_not_the_target_s() -> None:
    assert not isinstance(AttributeError("ours"), TARGETS_OWN)
