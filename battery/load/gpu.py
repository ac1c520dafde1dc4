"""GPUs: what NVIDIA's management library tells, or why it tells nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from battery.model.frozen import Frozen


class GpuUse(Frozen, frozen=True, kw_only=True):
    """One GPU now: its name, utilisation in percent, memory in MiB."""

    name: str
    utilisation: float
    memory: float


class GpuMeter:
    """Reads every GPU of this machine; `why_none` says why there is none to read."""

    def __init__(self, library: Any, why_none: str = "") -> None:
        self._library, self.why_none = library, why_none
        self._broken = False

    def read(self) -> tuple[GpuUse, ...]:
        """Every GPU now; nothing once the library fails."""
        if self._library is None or self._broken:
            return ()
        library = self._library
        try:
            count = library.nvmlDeviceGetCount()
            return tuple(_read(library, library.nvmlDeviceGetHandleByIndex(index)) for index in range(count))
        except library.NVMLError as error:
            self._broken, self.why_none = True, f"the GPU could not be read any more: {error}"
            return ()


@contextmanager
def gpu_meter() -> Iterator[GpuMeter]:
    """The meter, with NVIDIA's library open as long as it is used."""
    try:
        import pynvml
    except ImportError:
        yield GpuMeter(None, "no GPU: nvidia-ml-py is not installed (pip install 'hardening-battery[gpu]')")
        return
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        yield GpuMeter(None, f"no GPU: {error}")
        return
    try:
        yield GpuMeter(pynvml)
    finally:
        pynvml.nvmlShutdown()


def describe_gpus(readings: Sequence[tuple[GpuUse, ...]], why_none: str) -> str:
    """Mean utilisation and most memory of each GPU over the readings, in words."""
    if not any(readings):
        return why_none or "no GPU"
    most = max(len(reading) for reading in readings)
    columns = zip(*(reading for reading in readings if len(reading) == most), strict=True)
    return "; ".join(_over_time(column) for column in columns)


def _over_time(uses: Sequence[GpuUse]) -> str:
    busy = [use.utilisation for use in uses]
    mean, memory = sum(busy) / len(busy), max(use.memory for use in uses)
    return (
        f"{uses[0].name}: {mean:.0f} % busy on average, {max(busy):.0f} % at most, {memory:.0f} MiB at most"
    )


def _read(library: Any, handle: object) -> GpuUse:
    name = library.nvmlDeviceGetName(handle)
    return GpuUse(
        name=name if isinstance(name, str) else name.decode(),
        utilisation=float(library.nvmlDeviceGetUtilizationRates(handle).gpu),
        memory=library.nvmlDeviceGetMemoryInfo(handle).used / 2**20,
    )
