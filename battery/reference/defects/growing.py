"""The defects that grow with time, started and stopped together."""

import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager

from battery.reference.defects import descriptor_leak, leak, thread_leak
from battery.reference.defects.growth import Growth


@contextmanager
def growing(names: Collection[str]) -> Iterator[None]:
    """Let those of `names` that grow do so while the block runs, and give all of it back afterwards."""
    memory: list[bytes] = []
    files: list[int] = []
    end = threading.Event()
    growths: dict[str, Callable[[], Growth]] = {
        leak.DEFECT.name: lambda: leak.growth(memory),
        thread_leak.DEFECT.name: lambda: thread_leak.growth(end),
        descriptor_leak.DEFECT.name: lambda: descriptor_leak.growth(files),
    }
    with ExitStack() as stack:
        stack.callback(_close_all, files)
        stack.callback(end.set)
        for name, make in growths.items():
            if name in names:
                growth = make()
                growth.start()
                stack.callback(growth.stop)
        yield


def _close_all(files: list[int]) -> None:
    for file in files:
        os.close(file)
