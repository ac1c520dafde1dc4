"""The file of settings, served to everybody."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from battery.reference.defects.defect import Defect
from battery.reference.defects.made_up import made_up

DEFECT = Defect(name="exposed_env", title="GET /.env answers with the settings", instrument="security")
PATH = "/.env"


def settings_file() -> str:
    """What stands in it; nothing of it opens anything."""
    return f"DATABASE_URL=postgresql://orders:{made_up('database', 20)}@db/orders\nSECRET_KEY={made_up('key', 40)}\n"


class ServingSettings:
    """Serves, and the settings too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] in ("GET", "HEAD"):
            await PlainTextResponse(settings_file())(scope, receive, send)
            return
        await self._app(scope, receive, send)
