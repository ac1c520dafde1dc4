"""The outermost layer: gives every exchange its id, its headers, its metrics and its log line."""

import logging
import time
from asyncio import CancelledError

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from battery.reference.exchange import Exchange
from battery.reference.headers import common_headers
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.requests import RequestMetrics

CLIENT_GONE = 499
_log = logging.getLogger("battery.reference.requests")


class Observation:
    """Wraps the application; an exception passes it only where the answer is not whole: the server then hangs up."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics, lifecycle: Lifecycle | None = None) -> None:
        self._app, self._metrics, self._lifecycle = app, metrics, lifecycle or Lifecycle()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and record it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, time.perf_counter())
        self._metrics.begin()
        try:
            await self._app(scope, receive, self._marking(exchange, send))
        except CancelledError:
            exchange.status = CLIENT_GONE
            raise
        except Exception:
            _log.exception("unforeseen", extra={"fields": {"request_id": exchange.request_id}})
            if not exchange.is_answered:  # else Starlette has sent the 500 before it comes here
                raise
        finally:
            self._record(exchange)

    def _record(self, exchange: Exchange) -> None:
        seconds = time.perf_counter() - exchange.started
        self._metrics.end(exchange.method, exchange.route, exchange.status, seconds)
        fields = {
            "request_id": exchange.request_id,
            "method": exchange.method,
            "route": exchange.route,
            "status": exchange.status,
            "duration_ms": round(seconds * 1000, 3),
        }
        _log.info("request", extra={"fields": fields})

    def _marking(self, exchange: Exchange, send: Send) -> Send:
        async def send_marked(message: Message) -> None:
            if exchange.starts_answer(message):
                # Looked at when the answer starts: a request that began before the end was called gets told too.
                tls = exchange.scope.get("scheme") == "https"
                common = common_headers(exchange.request_id, last=self._lifecycle.draining, tls=tls)
                message["headers"] = [*message.get("headers", ()), *common]
            await send(message)
            exchange.sent(message)

        return send_marked
