"""The reader: reads the target's list of records to its end, page by page, within a time."""

import asyncio
import ssl
from urllib.parse import quote

from battery.chaos.durability.reading import Page, Reading, Unreadable, page_of
from battery.chaos.durability.token import Token
from battery.chaos.recovery.client import Client, Shortage
from battery.chaos.recovery.exchange import judged
from battery.chaos.recovery.request import Build, Place
from battery.errors import TargetUnreachable
from battery.model.target import AFTER, RUN, DurableRead, Endpoint

LIMIT = 60.0
_PAGE_LIMIT = 15.0


class Reader:
    """Asks through the target, as its users do."""

    def __init__(
        self,
        place: Place,
        build: Build,
        read: DurableRead,
        token: Token,
        *,
        limit: float = LIMIT,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """Raises: UsageError when the declared request cannot be built."""
        self._client = Client(place, trusted=trusted)
        self._build, self._read, self._token = build, read, token
        self._limit = limit
        build(self._endpoint(read.first))

    @property
    def is_paged(self) -> bool:
        """Whether the end of the list is told, by a page without a next one."""
        return bool(self._read.next)

    def read(self) -> Reading:
        """The whole list, or as much of it as could be read, with the reason why no more."""
        pages: list[Page] = []
        problem = ""
        try:
            asyncio.run(self._turn(pages))
        except (Unreadable, Shortage, TargetUnreachable) as error:
            problem = str(error)
        except TimeoutError:
            problem = f"not read to its end within {self._limit:g} s"
        return Reading(
            records=tuple(number for page in pages for number in page.records),
            items=sum(page.items for page in pages),
            pages=len(pages),
            problem=f"page {len(pages) + 1} of the list of records: {problem}" if problem else "",
        )

    async def _turn(self, pages: list[Page]) -> None:
        await self._client.resolve()
        cursor, seen = self._read.first, set[str]()
        async with asyncio.timeout(self._limit):
            while cursor not in seen:
                seen.add(cursor)
                page = await self._page(cursor)
                pages.append(page)
                if not page.next:
                    return
                cursor = page.next
        raise Unreadable(f"the cursor {cursor!r} came a second time: the list has no end")

    async def _page(self, cursor: str) -> Page:
        request = self._build(self._endpoint(cursor))
        answer = await self._client.ask(request, min(_PAGE_LIMIT, self._limit))
        if error := judged(request, answer):
            expected = ", ".join(map(str, request.status))
            raise Unreadable(
                f"HTTP {answer.status}, expected {expected}" if error == "status" else f"no answer ({error})"
            )
        return page_of(answer.body, self._read, self._token)

    def _endpoint(self, cursor: str) -> Endpoint:
        path = self._read.path.replace(RUN, self._token.run).replace(AFTER, quote(cursor, safe=""))
        return Endpoint(name="durability-read", path=path)
