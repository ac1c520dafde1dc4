"""What a file says as text: detect-secrets reads UTF-8 only and drops the rest in silence; here the rest is read as well."""

import codecs
import re
import string

from battery.model.frozen import Frozen

_LOOKED_AT = 8192
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BARE = "text without its zero bytes"
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ASCII = re.compile(rb"[\t-\r -~]")
_FEWEST, _MOST_CONTROL, _LEAST_TEXT = 4, 0.02, 0.95  # letters to tell by; shares of them in a text


class Text(Frozen, frozen=True, kw_only=True):
    """A file's text with newlines as detect-secrets sees them; `encoding` names what it was read as."""

    text: str
    encoding: str


def text_of(content: bytes) -> Text | None:
    """The text; None for a binary file."""
    for mark, encoding in _WIDE:
        if content.startswith(mark) and (text := _decoded(content, encoding)):
            return text
    if b"\0" not in content:
        return _decoded(content, "utf-8") or _decoded(content, "latin-1")
    return _bare(content) or _wide(content, "utf-16-le") or _wide(content, "utf-16-be")


def _bare(content: bytes) -> Text | None:
    """Wide text of Latin letters that does not say so, or a text with lines of it.

    As UTF-8 every letter would stand apart, and no pattern would ever be found. Without the zero bytes they stand
    together again; secrets are of Latin letters.
    """
    bare = content.replace(b"\0", b"")
    head = bare[:_LOOKED_AT]
    if len(head) < _FEWEST or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head):
        return None
    if 2 * len(_ASCII.findall(head)) < len(head):
        return None
    text = _decoded(bare, "utf-8") or _decoded(bare, "latin-1")
    return text and Text(text=text.text, encoding=_BARE)


def _wide(content: bytes, encoding: str) -> Text | None:
    """Wide text of other letters that does not say so."""
    text = _decoded(content[: len(content) // 2 * 2], encoding)
    head = text.text[:_LOOKED_AT] if text else ""
    of_text = sum(letter.isalnum() or letter.isspace() or letter in string.punctuation for letter in head)
    has_lines = len(head) >= _FEWEST and any(map(str.isspace, head))
    return text if has_lines and of_text > _LEAST_TEXT * len(head) else None


def _decoded(content: bytes, encoding: str) -> Text | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(text=text, encoding=encoding)
