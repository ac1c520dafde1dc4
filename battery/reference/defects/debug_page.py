"""The framework's debug page, with the source around the error, for everybody."""

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="debug_page",
    title="input that is refused is answered with the framework's debug page",
    instrument="security",
)


def crash(_scope: Scope, error: Exception) -> tuple[bytes, bytes]:
    """The page that debug=True shows."""
    page = ServerErrorMiddleware(_nothing, debug=True).generate_html(error)
    return b"text/html; charset=utf-8", page.encode()


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The page is made without the application."""
    await Response(status_code=500)(scope, receive, send)
