"""The self-test server: a small target on this machine with a planted defect for every scanner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import structs

from battery.conversations import listening
from battery.model.frozen import Frozen
from battery.model.security import AccessRule, Kind, LoginProbe, ScanIdentity
from battery.scan.target.canary_certificate import weak_context
from battery.scan.target.canary_pages import ABSENT, DEBUGGER, HTML, PAGES, PATHS, TEXT, TRACEBACK, Served
from battery.scan.target.request import ScanLimits, TargetScanRequest

_HEAD_LIMIT = 4 * 1024 * 1024
_LONG_HEAD = 60 * 1024
_CROWD = 4
_LIMITS = ScanLimits(
    requests=5000,
    rate=5000,
    deadline=20,
    patience=0.2,
    seconds=120,
    burst=20,
    attempts=10,
    slow_connections=8,
    slow_seconds=0.2,
    examples=5,
)
_IDENTITIES: tuple[tuple[str, Kind], ...] = (
    *(("right", "valid"), ("late", "expired")),
    *(("small", "wrong_role"), ("stranger", "other_tenant")),
)


class CanaryUrls(Frozen, frozen=True, kw_only=True):
    """Where it listens."""

    plain: str
    tls: str


def canary_request(urls: CanaryUrls, request: TargetScanRequest, *, over_tls: bool) -> TargetScanRequest:
    """The request that finds every planted defect; tools and seed are those of the real one."""
    identities = tuple(
        ScanIdentity(name=name, kind=kind, headers={"Authorization": f"Bearer {name}"})
        for name, kind in _IDENTITIES
    )
    return TargetScanRequest(
        url=urls.tls if over_tls else urls.plain,
        paths=PATHS,
        identities=identities,
        access=(
            AccessRule(name="read", path="/private", allowed=("right",)),
            AccessRule(name="page", path="/login-page?canary", allowed=("right",)),
        ),
        login=LoginProbe(path="/login", body="{}"),
        schemathesis=request.schemathesis,
        sslyze=request.sslyze,
        seed=request.seed,
        limits=_LIMITS,
    )


@asynccontextmanager
async def canary_server() -> AsyncIterator[CanaryUrls]:
    """The server for the time of the block, in this event loop, on two free ports."""
    server = _CanaryServer()
    async with (
        listening(server.talk, limit=_HEAD_LIMIT) as plain,
        listening(server.talk, limit=_HEAD_LIMIT, tls=weak_context()) as tls,
    ):
        yield CanaryUrls(plain=f"http://127.0.0.1:{plain}", tls=f"https://127.0.0.1:{tls}")


class _CanaryServer:
    """Answers one request a connection, defectively."""

    def __init__(self) -> None:
        self._half_sent = 0
        self._sick = False

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a head, answer, close."""
        self._half_sent += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        finally:
            self._half_sent -= 1
        writer.write(self._answer(head, crowded=self._half_sent > _CROWD))
        await writer.drain()

    def _answer(self, head: bytes, *, crowded: bool) -> bytes:
        line, _, rest = head.decode("latin-1").partition("\r\n")
        words = line.split(" ")
        if len(words) != 3:
            return b""  # planted: no answer to what is no HTTP
        if self._sick or crowded or len(head) > _LONG_HEAD:
            return _as_bytes(Served(status=500))  # planted: broken by long heads and by slow clients
        if "\xff" in words[1]:
            self._sick = True  # planted: dies of invalid UTF-8
        return _as_bytes(_page(words[0], words[1], rest))


def _page(method: str, target: str, rest: str) -> Served:
    path, _, query = target.partition("?")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in rest.split("\r\n"))
    }
    if method == "TRACE":
        return Served(body=rest)
    if method == "PROPFIND":
        return Served(status=207)
    if path == "/login-page" and headers.get("authorization") == "Bearer right":
        return Served()
    if path in PATHS and "content-length" in headers and method == "POST":
        return Served(body=DEBUGGER, headers=(HTML,)) if _is_sane(headers) else PAGES[path]
    if path in PATHS and "id=" in query:
        return Served(body=TRACEBACK, status=500, headers=(TEXT,))
    page = PAGES.get(path, ABSENT)
    if page.reflects and "origin" in headers:
        return structs.replace(
            page, headers=(*page.headers, ("Access-Control-Allow-Origin", headers["origin"]))
        )
    return page


def _is_sane(headers: dict[str, str]) -> bool:
    return "content-type" in headers


def _as_bytes(page: Served) -> bytes:
    lines = [f"HTTP/1.1 {page.status} canary", "Server: canary/1.2.3", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in page.headers]
    body = page.body.encode()
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1") + body
