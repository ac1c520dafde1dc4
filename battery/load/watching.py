"""Watching the target: the choice of what tells its resources."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from battery.load.gpu import GpuMeter, gpu_meter
from battery.load.remote_usage import MetricsWatch
from battery.load.requests import address
from battery.load.resources import ProcessWatch, Watch, target_pid
from battery.model.definition import Definition


class Watched:
    """What reads the target's resources, where anything can; and this machine's GPUs, or why there is none."""

    def __init__(self, watch: Watch | None, gpus: GpuMeter, source: str) -> None:
        self.watch, self.gpus, self.source = watch, gpus, source


@contextmanager
def watched(definition: Definition, folder: Path) -> Iterator[Watched]:
    """The target's process where it runs here, else its own metrics, else nothing."""
    with ExitStack() as stack:
        gpus = stack.enter_context(gpu_meter())
        pid = target_pid(definition.process, address(definition.target.url), folder)
        if pid is not None:
            yield Watched(ProcessWatch(pid, gpus), gpus, f"process {pid} and its children")
        elif definition.target.metrics:
            metrics = MetricsWatch(definition.target, os.environ)
            stack.callback(metrics.close)
            yield Watched(metrics, gpus, f"its metrics at {definition.target.metrics}")
        else:
            yield Watched(
                None, gpus, "nothing: its process was not found, and battery.toml names no metrics path"
            )
