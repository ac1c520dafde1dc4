"""GPUs: what NVIDIA's management library tells, or why it tells nothing."""

from typing import Any

from battery.model.frozen import Frozen


class GpuUse(Frozen, frozen=True, kw_only=True):
    """One GPU now: its name, utilisation in percent, memory in MiB."""

    name: str
    utilisation: float
    memory: float


def read_gpus() -> tuple[GpuUse, ...] | str:
    """Every GPU, or the reason why none can be read."""
    try:
        import pynvml
    except ImportError:
        return "no GPU: nvidia-ml-py is not installed (pip install 'hardening-battery[gpu]')"
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return f"no GPU: {error}"
    try:
        return tuple(
            _read(pynvml, pynvml.nvmlDeviceGetHandleByIndex(i)) for i in range(pynvml.nvmlDeviceGetCount())
        )
    finally:
        pynvml.nvmlShutdown()


def describe_gpus() -> str:
    """The same in words."""
    found = read_gpus()
    if isinstance(found, str):
        return found
    return (
        "; ".join(f"{gpu.name}: {gpu.utilisation:.0f} %, {gpu.memory:.0f} MiB" for gpu in found) or "no GPU"
    )


def _read(library: Any, handle: object) -> GpuUse:
    name = library.nvmlDeviceGetName(handle)
    return GpuUse(
        name=name if isinstance(name, str) else name.decode(),
        utilisation=float(library.nvmlDeviceGetUtilizationRates(handle).gpu),
        memory=library.nvmlDeviceGetMemoryInfo(handle).used / 2**20,
    )
