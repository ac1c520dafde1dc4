"""The rehearsal: one request on a connection that exists in memory only, before the start.

The libraries import and prepare much on their first request: the first arrivals would be late for that.
"""

import h2.config
import h2.connection
import httpcore

from battery.load.http2.single_stream import SingleStream


async def rehearse(origin: httpcore.Origin) -> None:
    """Ask and answer once."""
    connection = SingleStream(origin, httpcore.AsyncMockStream([_answer()]))
    url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=b"/")
    request = httpcore.Request(b"GET", url, headers=[(b"Host", origin.host)])
    response = await connection.handle_async_request(request)
    await response.aread()
    await connection.aclose()


def _answer() -> bytes:
    """What a server says to its first request."""
    client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    client.initiate_connection()
    asked = [(":method", "GET"), (":authority", "rehearsal"), (":scheme", "https"), (":path", "/")]
    client.send_headers(1, asked, end_stream=True)
    server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    server.initiate_connection()
    server.receive_data(client.data_to_send())
    server.send_headers(1, [(":status", "200")])
    server.send_data(1, b"rehearsed", end_stream=True)
    return server.data_to_send()
