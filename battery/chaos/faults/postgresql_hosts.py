"""Where a PostgreSQL connection string leads: every host in it, wherever it stands, and what the environment adds."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

_PORT = "5432"
# Files on this machine that name hosts: nobody can tell from the connection string where it leads.
_ELSEWHERE = ("service", "servicefile")


def hosts_of(dsn: str, environ: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Each host and port that may be connected to; none for a socket of this machine.

    Raises: ValueError when it cannot be told, without any part of the string that may be secret.
    """
    try:
        parts = urlsplit(dsn)
    except ValueError:
        # Its own words may hold the password.
        raise ValueError("its host cannot be read") from None
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if any(query.get(name) for name in _ELSEWHERE) or environ.get("PGSERVICE"):
        raise ValueError("a service of a pg_service.conf names the server; write its host")
    spec = parts.netloc.rpartition("@")[2]
    ports = query.get("port") or environ.get("PGPORT") or _PORT
    named = [*_split(spec, ports, unquoted=True)]
    named += [each for key in ("host", "hostaddr") for each in _split(query.get(key, ""), ports)]
    if not named:
        named = [each for key in ("PGHOST", "PGHOSTADDR") for each in _split(environ.get(key, ""), ports)]
    return tuple((host, _number(port)) for host, port in named if not host.startswith(("/", "@")))


def _split(spec: str, ports: str, *, unquoted: bool = False) -> Iterator[tuple[str, str]]:
    """The hosts of "h1:1,[::2]:2,h3", each with its port or the one that is told elsewhere for its place."""
    defaults = ports.split(",")
    for index, one in enumerate(spec.split(",")):
        default = defaults[index] if index < len(defaults) else defaults[-1]
        text = unquote(one) if unquoted else one
        host, port = text, ""
        if text.startswith("["):
            host, _, port = text[1:].partition("]")
            port = port.removeprefix(":")
        elif text.count(":") == 1 and not text.startswith("/"):
            host, _, port = text.partition(":")
        if host or port:
            yield host or "localhost", port or default


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError("a port is no number from 1 to 65535")
    return int(text)
