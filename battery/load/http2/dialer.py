"""The dialer, offering HTTP/2: everything else is as the generator does it, certificates included."""

import asyncio

from battery.load.generator.dialer import Dialer
from battery.load.http2.outgoing import HTTP_1_1, HTTP_2
from battery.load.job import Job

_H2 = "h2"


class OfferingDialer(Dialer):
    """Offers HTTP/2 before HTTP/1.1 when it opens a TLS connection."""

    def __init__(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(job, loop)
        if self._tls is not None:
            self._tls.set_alpn_protocols([_H2, "http/1.1"])


def negotiated(transport: asyncio.BaseTransport) -> str:
    """The version of HTTP that the target chose; without TLS there is nothing to choose."""
    tls = transport.get_extra_info("ssl_object")
    return HTTP_2 if tls is not None and tls.selected_alpn_protocol() == _H2 else HTTP_1_1
