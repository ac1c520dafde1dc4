"""One answer in a hundred ends before its end."""

from starlette.types import Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="cut_answers", title="every 100th answer is cut off after a few bytes", instrument="load"
)
_ANNOUNCED = b"4096"


async def cut(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Announce more than is sent: the server below hangs up, as it must."""
    headers = [(b"content-type", b"application/json"), (b"content-length", _ANNOUNCED)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"orders": [', "more_body": False})
