"""Answering what is not HTTP at all: it never reaches the application."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from battery.reference.exchange import fresh_id
from battery.reference.headers import common_headers
from battery.reference.problems import PROBLEM_TYPE, problem_document


class Protocol(H11Protocol):
    """uvicorn's protocol, with its plain-text 400 replaced by one that looks like every other answer."""

    def send_400_response(self, msg: str) -> None:
        """Refuse and close."""
        # Halfway through an answer there is no place left for another one.
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(self._refusal(msg))
        self.transport.close()

    def _refusal(self, detail: str) -> bytes:
        request_id = fresh_id()
        body = problem_document(400, detail, request_id)
        headers = [
            (b"content-type", PROBLEM_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *common_headers(request_id, tls=self.scheme == "https"),
        ]
        response = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        events = (response, h11.Data(data=body), h11.EndOfMessage())
        return b"".join(self.conn.send(event) or b"" for event in events)
