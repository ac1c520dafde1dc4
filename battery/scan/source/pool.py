"""The pool: worker processes that scan pieces of content, with a cache before them and a reason for every failure.

Workers start when the first piece is not in the cache, and end with the `with` block, whatever ended it. A worker that
dies or stays silent costs the one piece it was at, which is told; the rest of its batch goes to another.
"""

import selectors
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from battery.scan.source.cache import Cache
from battery.scan.source.pool_link import Link, Task
from battery.scan.source.pool_messages import Answer, Piece, Progress

_BATCH_BYTES, _BATCH_FILES = 256 * 1024, 48
_MOST_DONE = 256  # answers from the cache that are handed on before more is read
_TICK = 1.0

Answered = tuple[Piece, Answer]


class Pool:
    """Some workers under one key.

    `patience` is how many seconds a worker may take over one piece; after `most_deaths` workers the pool takes the
    machine, not the files, for the cause and starts no more.
    """

    def __init__(
        self,
        *,
        workers: int,
        key: bytes,
        cache: Path | None = None,
        patience: float = 120,
        most_deaths: int = 20,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.key = key
        self.trouble: list[str] = []
        self._workers, self._cache, self._patience = max(workers, 1), cache, patience
        self._on_progress, self._most_deaths = on_progress, most_deaths
        self._links: list[Link] = []
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for link in self._links:
            link.end()
        self._links.clear()

    def pids(self) -> tuple[int, ...]:
        """The worker processes that run now."""
        return tuple(link.pid for link in self._links)

    def run(self, engine: str, pieces: Iterable[Piece], total: tuple[int, int]) -> Iterator[Answered]:
        """Every piece with its answer, as they come; `total` is how many files and bytes there are, for progress."""
        cache = Cache(self._cache, self.key, engine) if self._cache is not None else None
        files = size = 0
        for piece, answer in self._answers(engine, iter(pieces), cache):
            files, size = files + 1, size + piece.size
            if self._on_progress is not None:
                done = Progress(engine=engine, files=files, all_files=total[0], size=size, all_size=total[1])
                self._on_progress(done)
            yield piece, answer
        if cache is not None:
            cache.save()
            if cache.unusable:
                self.trouble.append(cache.unusable)

    def _answers(self, engine: str, pieces: Iterator[Piece], cache: Cache | None) -> Iterator[Answered]:
        done: deque[Answered] = deque()
        tasks: deque[Task] = deque()
        try:
            while True:
                exhausted = self._feed(engine, pieces, cache, tasks, done)
                yield from _drained(done)
                yield from self._stranded(tasks)
                if exhausted and not tasks and not self._is_busy():
                    return
                for task, answer in self._received(tasks):
                    if cache is not None and task.cache_name:
                        cache.put(task.cache_name, answer)
                    yield task.piece, answer
        finally:
            self._end_busy()

    def _feed(
        self,
        engine: str,
        pieces: Iterator[Piece],
        cache: Cache | None,
        tasks: deque[Task],
        done: deque[Answered],
    ) -> bool:
        """Give every worker with nothing to do a batch; whether the pieces have come to their end."""
        while self._has_room() or self._is_dead():
            exhausted = False
            while not exhausted and not _enough(tasks) and len(done) < _MOST_DONE:
                exhausted = not self._take(pieces, cache, tasks, done)
            if self._is_dead() or not tasks or not (exhausted or _enough(tasks)):
                return exhausted
            self._idle().send(engine, _batch(tasks))
        return False

    def _is_dead(self) -> bool:
        """Whether so many workers died that no other is started."""
        return self._deaths >= self._most_deaths and not self._links

    def _has_room(self) -> bool:
        may_start = len(self._links) < self._workers and self._deaths < self._most_deaths
        return may_start or any(not link.waiting for link in self._links)

    def _idle(self) -> Link:
        """A worker with nothing to do, started where there is none."""
        link = next((link for link in self._links if not link.waiting), None)
        if link is None:
            link = Link(self.key)
            self._links.append(link)
        return link

    def _is_busy(self) -> bool:
        return any(link.waiting for link in self._links)

    def _end_busy(self) -> None:
        """End what still works for a caller that went away: its answers would be taken for those of the next run."""
        for link in [link for link in self._links if link.waiting]:
            self._links.remove(link)
            link.end()

    def _take(
        self, pieces: Iterator[Piece], cache: Cache | None, tasks: deque[Task], done: deque[Answered]
    ) -> bool:
        """Read the next piece; it is answered from the cache, or becomes a task. False at the end."""
        piece = next(pieces, None)
        if piece is None:
            return False
        try:
            content = Path(piece.file).read_bytes() if piece.file else piece.content
        except OSError as error:
            done.append((piece, Answer(unread=f"cannot be read: {error.strerror}", harmless=False)))
            return True
        name = cache.name(piece.name, content) if cache is not None and piece.cacheable else b""
        answer = cache.get(name) if cache is not None and name else None
        if answer is not None:
            done.append((piece, answer))
        else:
            tasks.append(Task(piece, content, name))
        return True

    def _stranded(self, tasks: deque[Task]) -> Iterator[Answered]:
        """What nobody is left to scan, because too many workers died."""
        if self._is_dead():
            reason = f"{self._deaths} scanner processes died; no other is started"
            while tasks:
                yield tasks.popleft().piece, Answer(unread=reason, harmless=False)

    def _received(self, tasks: deque[Task]) -> Iterator[tuple[Task, Answer]]:
        """What the workers answer; for those that died or fell silent, the one piece they were at."""
        if not self._is_busy():
            return
        with selectors.DefaultSelector() as selector:
            for link in self._links:
                if link.waiting:
                    selector.register(link, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(_TICK)]
        for link in list(self._links):
            if link in ready:
                answered = link.receive()
                yield from (
                    answered if answered is not None else self._lost(link, tasks, _end_of(link.crashed()))
                )
            elif link.silent_for() > self._patience:
                link.end()
                yield from self._lost(link, tasks, f"took the scanner more than {self._patience:g} s")

    def _lost(self, link: Link, tasks: deque[Task], reason: str) -> Iterator[tuple[Task, Answer]]:
        self._links.remove(link)
        self._deaths += 1
        culprit = link.waiting.popleft() if link.waiting else None
        tasks.extendleft(reversed(link.waiting))
        if culprit is not None:
            culprit.cache_name = b""
            yield culprit, Answer(unread=reason, harmless=False)


def _enough(tasks: deque[Task]) -> bool:
    return len(tasks) >= _BATCH_FILES or sum(len(task.content) for task in tasks) >= _BATCH_BYTES


def _batch(tasks: deque[Task]) -> list[Task]:
    batch = [tasks.popleft()]
    size = len(batch[0].content)
    while tasks and len(batch) < _BATCH_FILES and size < _BATCH_BYTES:
        batch.append(tasks.popleft())
        size += len(batch[-1].content)
    return batch


def _drained(done: deque[Answered]) -> Iterator[Answered]:
    while done:
        yield done.popleft()


def _end_of(status: int) -> str:
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return f"the scanner process ended with {how} on it"
