"""What a file says as text: detect-secrets reads UTF-8 only and drops the rest in silence; here the rest is read as well."""

import codecs

from battery.model.frozen import Frozen

_LOOKED_AT, _FEWEST = 8192, 8
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Text(Frozen, frozen=True, kw_only=True):
    """A file's text with newlines as detect-secrets sees them; `encoding` names what it was read as."""

    text: str
    encoding: str


def text_of(content: bytes) -> Text | None:
    """The text; None for a binary file."""
    marked = any(content.startswith(mark) for mark, _ in _WIDE)
    wide = None if marked else _wide_without_mark(content)
    for encoding in (wide, "utf-8", _other_encoding(content)):
        if encoding is None:
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return Text(text=text, encoding=encoding)
    return None


def _wide_without_mark(content: bytes) -> str | None:
    """UTF-16 of Latin letters is every second byte a zero, and valid UTF-8 in which no pattern is ever found."""
    head = content[: min(len(content), _LOOKED_AT) // 2 * 2]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if len(head) < _FEWEST or max(zeros) * 4 < len(head) or min(zeros):
        return None
    encoding = "utf-16-le" if zeros[1] else "utf-16-be"
    said = head.decode(encoding, "replace")
    is_text = all(letter.isprintable() or letter.isspace() for letter in said)
    return encoding if is_text and sum(map(str.isascii, said)) * 2 > len(said) else None


def _other_encoding(content: bytes) -> str | None:
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            return encoding
    return None if b"\0" in content[:_LOOKED_AT] else "latin-1"
