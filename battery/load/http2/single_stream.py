"""httpcore's HTTP/2 connection, made ready for one stream at a time."""

import h2.connection
import h2.settings
import httpcore

_WINDOW = 2**24
_HEADER_LIST = 65_536


class _Forgetful(h2.connection.H2Connection):
    """Remembers few of the streams that have ended: of 65,536, as h2 does, a soak would fill its memory."""

    MAX_CLOSED_STREAMS = 64


class SingleStream(httpcore.AsyncHTTP2Connection):
    """Opens with settings that say so.

    httpcore's own settings allow a hundred streams, and its first request takes as many locks one by one, each a turn
    of the event loop: on a busy loop that is tens of milliseconds, and would pass for the target's. What is overridden
    is not in httpcore's documentation; in a version of it that has other names, first requests are slow and
    memory grows again, and nothing else changes.
    """

    def __init__(self, origin: httpcore.Origin, stream: httpcore.AsyncNetworkStream) -> None:
        super().__init__(origin, stream)
        self._h2_state = _Forgetful(config=self.CONFIG)

    async def _send_connection_init(self, request: httpcore.Request) -> None:
        codes = h2.settings.SettingCodes
        values = {
            codes.ENABLE_PUSH: 0,
            codes.MAX_CONCURRENT_STREAMS: 1,
            codes.MAX_HEADER_LIST_SIZE: _HEADER_LIST,
        }
        self._h2_state.local_settings = h2.settings.Settings(client=True, initial_values=values)
        del self._h2_state.local_settings[codes.ENABLE_CONNECT_PROTOCOL]  # a server's setting
        self._h2_state.initiate_connection()
        self._h2_state.increment_flow_control_window(_WINDOW)
        await self._write_outgoing_data(request)
