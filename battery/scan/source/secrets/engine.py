"""The secrets engine, in a worker: one text in, its secrets out, masked and sealed."""

import re
from collections.abc import Callable
from typing import Literal

from battery.scan.fingerprint import Fingerprints
from battery.scan.interface import Found
from battery.scan.rules import scan_rules
from battery.scan.source.pool_messages import Answer
from battery.scan.source.secrets.masking import Masking, mask
from battery.scan.source.secrets.placeholder import is_placeholder
from battery.scan.source.secrets.plugins import left_out
from battery.scan.source.secrets.search import Search, Secret
from battery.scan.source.secrets.text import text_of

_PRIVATE_KEY = "Private Key"
_KEY_LINES = 120
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{32,}")
# Kinds of no form of their own: people do choose such passwords, and random text is judged by its randomness already.
_OF_ANY_FORM = {
    "Secret Keyword",
    "Basic Auth Credentials",
    "Base64 High Entropy String",
    "Hex High Entropy String",
    _PRIVATE_KEY,
}
_CONFIDENCE: dict[str, Literal["high", "medium", "low"]] = {
    "Base64 High Entropy String": "low",
    "Hex High Entropy String": "low",
    "Secret Keyword": "medium",
    "Basic Auth Credentials": "medium",
    "Public IP (ipv4)": "low",
}


def open_engine(key: bytes) -> Callable[[str, bytes], Answer]:
    """An engine whose contents are sealed under the key."""
    search, masking, prints = Search(), Masking(), Fingerprints(key)

    def scan(name: str, content: bytes) -> Answer:
        if reason := left_out(name):
            return Answer(unread=reason, harmless=True)
        text = text_of(content)
        if text is None:
            return Answer(unread="binary", harmless=True)
        secrets = search.secrets(name, text.text)
        lines = text.text.split("\n") if secrets else []
        found = tuple(_found(secret, name, lines, masking, prints) for secret in secrets)
        counts = {} if text.encoding == "utf-8" else {f"read as {text.encoding}": 1}
        return Answer(found=found, counts=counts)

    return scan


def rule_of(kind: str) -> str:
    """The battery's rule for a kind of secret."""
    rule = "secrets." + re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")
    return rule if rule in scan_rules() else "secrets.unknown"


def _rule(secret: Secret, body: str) -> str:
    """The rule of this secret: that of its kind, or the milder one where there is nothing to use in it."""
    if secret.kind == _PRIVATE_KEY and not _KEY_BODY.search(body):
        return "secrets.private-key-heading"
    if secret.kind not in _OF_ANY_FORM and is_placeholder(secret.whole):
        return "secrets.placeholder"
    return rule_of(secret.kind)


def _found(secret: Secret, name: str, lines: list[str], masking: Masking, prints: Fingerprints) -> Found:
    line = lines[secret.line - 1].strip() if secret.line <= len(lines) else ""
    is_key = secret.kind == _PRIVATE_KEY
    body = _private_key(lines, secret.line) if is_key else ""
    return Found(
        rule=_rule(secret, body),
        where=name,
        line=secret.line,
        column=max(line.find(secret.whole), 0) + 1,
        content=prints.seal(body or secret.whole),
        excerpt=masking.line(line) if is_key else masking.around(line, secret.whole),
        detail=secret.kind if is_key else f"{secret.kind}, {mask(secret.whole)}",
        confidence=_CONFIDENCE.get(secret.kind, "high"),
    )


def _private_key(lines: list[str], number: int) -> str:
    """The key itself: its heading is the same for all keys, which would fold them into one."""
    body = []
    for line in lines[number - 1 : number - 1 + _KEY_LINES]:
        body.append(line)
        if "END" in line and "PRIVATE KEY" in line:
            break
    return "\n".join(body)
