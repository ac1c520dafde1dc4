"""URLs of targets: scheme, host and port, and no password."""

from urllib.parse import urlsplit

from battery.definitions.spelling import shown
from battery.errors import DefinitionError

_EXPECTED = "expected http://HOST[:PORT] or https://HOST[:PORT]"


def check_url(url: str, file: str, key: str) -> None:
    """A URL that names scheme and host and carries no password, query or fragment.

    Raises: DefinitionError.
    """
    if "@" in url:
        hint = 'use headers = { Authorization = "env:NAME" }'
        raise DefinitionError(file, "carries a user name or password", key=key, hint=hint)
    if problem := _problem(url):
        hint = f"did you mean {shown(f'http://{url}')}?" if url and "://" not in url else ""
        raise DefinitionError(file, f"{shown(url)} {problem}; {_EXPECTED}", key=key, hint=hint)


def _problem(url: str) -> str:
    """What is wrong with the URL; empty when nothing is."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return "holds a space or a control character"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "is not allowed"
    if port == 0:
        return "has a port that nothing can listen on"
    if "?" in url or "#" in url:
        return "has a query or fragment"
    return ""
