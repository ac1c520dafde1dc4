"""Malformed and oversized requests, as bytes, with what a sound server does about them."""

from battery.model.frozen import Frozen

_MIB = 1024 * 1024
_CLOSE = "Connection: close\r\n\r\n"


class Malformed(Frozen, frozen=True, kw_only=True):
    """One request. `refuse`: it must not be answered with 2xx; `smuggles`: two readers may split it differently."""

    name: str
    data: bytes
    refuse: bool = True
    smuggles: bool = False


def malformed_requests(path: str, authority: str, body_size: int = 8 * _MIB) -> tuple[Malformed, ...]:
    """All of them, for one path of the target. None asks for anything but to be refused."""
    host = f"Host: {authority}\r\n"
    return (
        *_oversized(path, host, body_size),
        *_misframed(f"POST {path} HTTP/1.1\r\n{host}"),
        *_misspelt(path, host),
        *_undecodable(path, host),
    )


def _oversized(path: str, host: str, body_size: int) -> tuple[Malformed, ...]:
    head, post = f"GET {path} HTTP/1.1\r\n{host}", f"POST {path} HTTP/1.1\r\n{host}"
    many = "".join(f"X-{number}: a\r\n" for number in range(10_000))
    length = f"Content-Type: application/json\r\nContent-Length: {body_size}\r\n"
    return (
        _text("header line of 64 KiB", f"{head}X-Long: {'a' * 65536}\r\n{_CLOSE}"),
        _text("10,000 headers", head + many + _CLOSE),
        _text("URL of 64 KiB", f"GET {path}?{'a' * 65536} HTTP/1.1\r\n{host}{_CLOSE}"),
        _text(f"body of {body_size} bytes", post + length + _CLOSE, b"a" * body_size),
        _text("a body of exabytes, promised only", f"{post}Content-Length: 9223372036854775807\r\n{_CLOSE}"),
    )


def _misframed(post: str) -> tuple[Malformed, ...]:
    chunked, unknown = "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n"
    two = "Content-Length: 1\r\nContent-Length: 2\r\n"
    return (
        _text("negative length", f"{post}Content-Length: -1\r\n{_CLOSE}"),
        _text("length that is no number", f"{post}Content-Length: ten\r\n{_CLOSE}"),
        _text("two different lengths", post + two + _CLOSE, b"aa", smuggles=True),
        _text("length and chunks", f"{post}Content-Length: 5\r\n{chunked}{_CLOSE}", b"0\r\n\r\n"),
        _text("unknown transfer coding", post + unknown + _CLOSE, b"0\r\n\r\n", smuggles=True),
        _text("broken chunk size", post + chunked + _CLOSE, b"zz\r\nabc\r\n0\r\n\r\n"),
    )


def _misspelt(path: str, host: str) -> tuple[Malformed, ...]:
    line = f"GET {path} HTTP/1.1\r\n"
    return (
        _text("no version", f"GET {path}\r\n\r\n", refuse=False),
        _text("unknown version", f"GET {path} HTTP/9.9\r\n{host}{_CLOSE}"),
        _text("no host", line + _CLOSE),
        _text("two hosts", f"{line}{host}Host: hardening-battery.example\r\n{_CLOSE}"),
        _text("space before the colon", f"{line}{host}X-Space : a\r\n{_CLOSE}", refuse=False),
        _text("NUL in a header", f"{line}{host}X-Nul: a\0b\r\n{_CLOSE}"),
        _text("header without a name", f"{line}{host}: nothing\r\n{_CLOSE}"),
    )


def _undecodable(path: str, host: str) -> tuple[Malformed, ...]:
    broken = "\xff\xfe\xc0\xaf"
    end = f" HTTP/1.1\r\n{host}"
    return (
        _text("no HTTP", "\x00\x01\x02\xfe\xff no HTTP at all\r\n\r\n"),
        _text("TLS in place of HTTP", "\x16\x03\x01\x00\x05hello\r\n\r\n"),
        _text("invalid UTF-8 in a header", f"GET {path}{end}X-Bytes: {broken}\r\n{_CLOSE}", refuse=False),
        _text("invalid UTF-8, escaped, in the path", f"GET {path}?q=%ff%fe%c0%af{end}{_CLOSE}", refuse=False),
        _text("invalid UTF-8 in the path", f"GET {path}?q={broken}{end}{_CLOSE}", refuse=False),
    )


def _text(
    name: str, head: str, body: bytes = b"", *, refuse: bool = True, smuggles: bool = False
) -> Malformed:
    """A request whose head is written as Latin-1, one byte a character."""
    return Malformed(name=name, data=head.encode("latin-1") + body, refuse=refuse, smuggles=smuggles)
