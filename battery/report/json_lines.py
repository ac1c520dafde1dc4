"""JSON progress: each event as one JSON line, for machines and for progress.jsonl."""

import json
from typing import BinaryIO

import msgspec

from battery.errors import StoreError
from battery.model.event import AnyEvent


class JsonLinesProgress:
    """Writes each event as one line and flushes it, so that a killed run keeps what it showed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __call__(self, event: AnyEvent) -> None:
        """Write one event.

        Raises: StoreError when the disk is full or the file cannot be written.
        """
        try:
            self._file.write(_encode(event) + b"\n")
            self._file.flush()
        except OSError as error:
            name = getattr(self._file, "name", "progress")
            raise StoreError(f"{name}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """The file belongs to its opener, who closes it."""


def _encode(event: AnyEvent) -> bytes:
    try:
        return msgspec.json.encode(event)
    except UnicodeEncodeError:
        # A lone surrogate, as file names that are no UTF-8 carry it, has no place in JSON.
        text = json.dumps(msgspec.to_builtins(event), ensure_ascii=False)
        return text.encode("utf-8", "replace")
