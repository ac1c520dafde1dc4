"""GPUs: read where there is one, said plainly where there is none."""

import sys
from types import ModuleType

import pytest

from battery.load.gpu import GpuUse, describe_gpus, read_gpus


class Library(ModuleType):
    """NVIDIA's management library, as far as the battery uses it."""

    class NVMLError(Exception):
        pass

    def __init__(self, count: int, problem: str = "") -> None:
        super().__init__("pynvml")
        self.count, self.problem = count, problem
        self.open = False

    def nvmlInit(self) -> None:  # noqa: N802 -- the library's name
        if self.problem:
            raise self.NVMLError(self.problem)
        self.open = True

    def nvmlShutdown(self) -> None:  # noqa: N802 -- the library's name
        self.open = False

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802 -- the library's name
        return self.count

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802 -- the library's name
        return index

    def nvmlDeviceGetName(self, handle: int) -> bytes | str:  # noqa: N802 -- the library's name
        return b"GPU zero" if handle == 0 else "GPU one"

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> object:  # noqa: N802 -- the library's name
        return type("Rates", (), {"gpu": 40 + handle})

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> object:  # noqa: N802 -- the library's name
        return type("Memory", (), {"used": (handle + 1) * 2**30})


def install(monkeypatch: pytest.MonkeyPatch, library: Library | None) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", library)


def test_every_gpu_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(2)
    install(monkeypatch, library)
    assert read_gpus() == (
        GpuUse(name="GPU zero", utilisation=40, memory=1024),
        GpuUse(name="GPU one", utilisation=41, memory=2048),
    )
    assert describe_gpus() == "GPU zero: 40 %, 1024 MiB; GPU one: 41 %, 2048 MiB"
    assert not library.open


def test_a_machine_without_driver_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Library(0, "driver not loaded"))
    assert describe_gpus() == "no GPU: driver not loaded"


def test_a_driver_without_gpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Library(0))
    assert describe_gpus() == "no GPU"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, None)
    assert "hardening-battery[gpu]" in describe_gpus()
