"""Redaction: known secrets never reach an artifact.

Promised for every secret that battery.toml refers to: it is masked as it stands, as JSON, HTML, a Python literal or
a URL spell it, and inside any base64 of eight characters or more, as in "Authorization: Basic". Not promised: secrets
shorter than four characters, hashes, hex, compressed or encrypted forms, and texts that hold only a part of a secret.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote, quote_plus, urlsplit

from battery.errors import UsageError
from battery.model.definition import Definition

MASK = "[redacted]"
SHORTEST = 4  # masking every "1" would destroy evidence and protect nothing
_SHORTEST_BASE64 = 8
_REFERENCE = "env:"
_SCHEME = re.compile(r"(?:bearer|basic|token|digest) +(\S.*)", re.IGNORECASE)


def resolve(value: str, environ: Mapping[str, str]) -> str:
    """The value behind an env: reference; any other text as it is.

    Raises: UsageError when the variable is not set.
    """
    if not value.startswith(_REFERENCE):
        return value
    name = value.removeprefix(_REFERENCE)
    if name not in environ:
        raise UsageError(f"battery.toml refers to the variable {name}, which is not set; export it first")
    return environ[name]


def variables_of(definition: Definition) -> tuple[str, ...]:
    """The variables that battery.toml refers to, by name."""
    texts = [*definition.target.headers.values()]
    texts += [value for endpoint in definition.endpoint for value in endpoint.headers.values()]
    if definition.durability:
        texts += definition.durability.write.headers.values()
    texts += definition.security.secret_texts()
    texts += definition.capabilities.secret_texts()
    for table in (definition.source, definition.bootstrap, definition.docs):
        texts += table.env.values() if table else ()
    if definition.process:
        texts += definition.process.env.values()
    return tuple(sorted({text.removeprefix(_REFERENCE) for text in texts if text.startswith(_REFERENCE)}))


def secrets_of(definition: Definition, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every value that battery.toml takes from the environment, the secret part of each, and the key's passphrase."""
    names = (*variables_of(definition), "BATTERY_KEY_PASSPHRASE", "BATTERY_FINGERPRINT_KEY")
    found = [secret for name in names for secret in _parts(environ.get(name, ""))]
    return tuple(dict.fromkeys(secret for secret in found if len(secret) >= SHORTEST))


def redact(data: bytes, secrets: Sequence[str]) -> bytes:
    """The bytes without the secrets, in every spelling that is promised; the longest goes first."""
    return redactor(secrets)(data)


def redactor(secrets: Sequence[str]) -> Callable[[bytes], bytes]:
    """What takes the secrets out of bytes, for many of them: the spellings are made once."""
    known = {spelling for secret in secrets for spelling in _spellings(secret)}
    spellings = sorted(known, key=lambda text: (-len(text), text))

    def masked(data: bytes) -> bytes:
        for spelling in spellings:
            data = data.replace(spelling, MASK.encode())
        return data

    return masked


def redact_json(data: bytes, secrets: Sequence[str]) -> bytes:
    """The JSON document, or the JSON lines, without the secrets in any text of it; numbers and words of JSON stay.

    What is no JSON is masked byte by byte.
    """
    try:
        lines = [_masked(json.loads(line), secrets) for line in data.splitlines()]
    except (ValueError, RecursionError):
        return redact(data, secrets)
    end = b"\n" if data.endswith(b"\n") else b""
    return b"\n".join(json.dumps(line).encode() for line in lines) + end


def _masked(value: object, secrets: Sequence[str]) -> object:
    if isinstance(value, str):
        return redact(value.encode("utf-8", "surrogatepass"), secrets).decode("utf-8", "replace")
    if isinstance(value, list):
        return [_masked(item, secrets) for item in value]
    if isinstance(value, dict):
        return {str(_masked(name, secrets)): _masked(item, secrets) for name, item in value.items()}
    return value


def _parts(value: str) -> Iterator[str]:
    """The value, what follows its authentication scheme, and the password in it where it is a URL."""
    yield value
    if match := _SCHEME.fullmatch(value):
        yield match[1]
    try:
        password = urlsplit(value).password
    except ValueError:
        password = None
    if password:
        yield password


def _spellings(secret: str) -> Iterable[bytes]:
    raw = secret.encode("utf-8", "surrogateescape")
    texts = {secret, html.escape(secret), html.escape(secret, quote=False), repr(secret)[1:-1]}
    texts |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {text.replace("/", "\\/") for text in texts}
    for spelled in (quote(raw), quote(raw, safe=""), quote_plus(raw)):
        texts |= {spelled, re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), spelled)}
    found = {text.encode("utf-8", "surrogateescape") for text in texts}
    return found | {text for text in _base64(raw) if len(text) >= _SHORTEST_BASE64}


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters that any base64 of a text holding the secret contains: one set for each of three alignments."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        first = (offset * 8 + 5) // 6  # characters before it mix in bits of the text before
        last = (offset + len(raw)) * 8 // 6  # and from here on of the text behind
        yield encoded[first:last]
        yield encoded[first:last].translate(bytes.maketrans(b"+/", b"-_"))
