"""The farewell: a server's friendly GOAWAY, taken out of the bytes that h2 reads. Sans I/O.

A server may say goodbye and still answer what it has accepted (RFC 9113, 6.8): nginx does after every thousandth
request. h2 reads nothing more behind a GOAWAY, and httpx fails the request in flight: the target would be blamed for
an answer that it is about to send.
"""

_HEAD = 9
_GOAWAY = 7
_GOAWAY_LEAST = 8
_LARGEST = 16_384  # a larger frame was never allowed: h2 says so itself
_STREAM_BITS = 0x7FFF_FFFF


class Farewell:
    """Follows the frames of one connection. `last_stream`: the last request that will be answered, once that is said."""

    def __init__(self) -> None:
        self.last_stream: int | None = None
        self._held = b""
        self._left = 0

    def pass_on(self, data: bytes) -> bytes:
        """What h2 shall read of the data. The head of a frame waits until it is whole, a GOAWAY until all of it is."""
        data = self._held + data
        self._held = b""
        passed = []
        while data:
            if not self._left and (data := self._next_frame(data)) and not self._left:
                self._held = data
                break
            passed.append(data[: self._left])
            data, self._left = data[self._left :], max(self._left - len(data), 0)
        return b"".join(passed)

    def _next_frame(self, data: bytes) -> bytes:
        """Drop friendly GOAWAYs in front; `_left` is then the size of the frame in front, 0 while that is unknown."""
        while len(data) >= _HEAD:
            length = int.from_bytes(data[:3], "big")
            if data[3] != _GOAWAY or not _GOAWAY_LEAST <= length <= _LARGEST:
                self._left = _HEAD + length
                return data
            if len(data) < _HEAD + length:
                return data
            if any(data[_HEAD + 4 : _HEAD + 8]):
                self._left = _HEAD + length  # not friendly: it carries an error code
                return data
            self.last_stream = int.from_bytes(data[_HEAD : _HEAD + 4], "big") & _STREAM_BITS
            data = data[_HEAD + length :]
        return data
