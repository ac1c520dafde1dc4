"""Reading an answer: bytes in, an answer or a complaint out, within limits; no socket."""

from typing import Any

import httptools

from battery.scan.target.answer import Answer, Silence, Why

_MOST_INTERIM = 8


class Reading:
    """One answer as it arrives. Finished when `answer` or `complaint` can be asked for."""

    def __init__(self, url: str, method: str, head_limit: int, body_limit: int) -> None:
        self._url, self._bodyless = url, method == "HEAD"
        self._head_limit, self._body_limit = head_limit, body_limit
        self._parser: Any = httptools.HttpResponseParser(self)
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._fed = self._interim = 0
        self._in_body = self._by_close = self._cut = False
        self._problem: tuple[Why, str] | None = None
        self.finished = False
        self.status = 0

    def feed(self, data: bytes) -> bool:
        """Take bytes; True when nothing more is needed."""
        if not self._in_body:
            self._fed += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.finished = True
        except httptools.HttpParserError as error:
            self._complain("protocol", f"no valid HTTP: {str(error) or type(error).__name__}")
        if not self._in_body and self._fed > self._head_limit:
            self._complain("header-flood", f"more than {self._head_limit} bytes of headers")
        return self.finished

    def end(self) -> None:
        """The connection was closed."""
        if not self.finished and self._in_body and self._by_close:
            self.finished = True
        elif not self.finished:
            what = "the body broke off" if self._in_body else "closed without an answer"
            self._complain("closed", what)

    def outcome(self, seconds: float) -> Answer | Silence:
        """The answer, or why there is none."""
        if self._problem:
            why, reason = self._problem
            return Silence(url=self._url, why=why, reason=reason, seconds=seconds)
        return Answer(
            url=self._url,
            status=self.status,
            headers=tuple(self._headers),
            body=bytes(self._body),
            cut=self._cut,
            seconds=seconds,
        )

    def _complain(self, why: Why, reason: str) -> None:
        if not self.finished:
            self._problem, self.finished = (why, reason), True

    # What httptools calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, its name in lower case."""
        if not self.finished and not self._in_body:
            self._headers.append((name.decode("latin-1").lower(), value.decode("latin-1").strip()))

    def on_headers_complete(self) -> None:
        """The head is whole; an interim one is forgotten."""
        if self.finished:
            return
        self.status = self._parser.get_status_code()
        if self.status < 200 and self.status != 101:
            return
        self._in_body = True
        names = {name for name, _ in self._headers}
        self._by_close = not names & {"content-length", "transfer-encoding"}
        if self._bodyless or self.status in (101, 204, 304):
            self.finished = True

    def on_body(self, data: bytes) -> None:
        """Keep the body up to the limit."""
        if self.finished:
            return
        room = self._body_limit - len(self._body)
        self._body += data[:room]
        if len(data) > room:
            self._cut = self.finished = True

    def on_message_complete(self) -> None:
        """Done, unless it was an interim answer."""
        if self.finished:
            return
        if self._in_body:
            self.finished = True
            return
        self._headers.clear()
        self._interim += 1
        if self._interim > _MOST_INTERIM:
            self._complain("protocol", f"more than {_MOST_INTERIM} interim answers")
