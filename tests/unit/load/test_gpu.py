"""GPUs: read where there is one, said plainly where there is none."""

import sys
from types import ModuleType

import pytest

from battery.load.gpu import GpuUse, describe_gpus, gpu_meter


class Library(ModuleType):
    """NVIDIA's management library, as far as the battery uses it."""

    class NVMLError(Exception):
        pass

    def __init__(self, count: int, problem: str = "") -> None:
        super().__init__("pynvml")
        self.count, self.problem = count, problem
        self.open = self.lost = False

    def nvmlInit(self) -> None:  # noqa: N802 -- the library's name
        if self.problem:
            raise self.NVMLError(self.problem)
        self.open = True

    def nvmlShutdown(self) -> None:  # noqa: N802 -- the library's name
        self.open = False

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802 -- the library's name
        if self.lost:
            raise self.NVMLError("GPU is lost")
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


ZERO = GpuUse(name="GPU zero", utilisation=40, memory=1024)
ONE = GpuUse(name="GPU one", utilisation=41, memory=2048)


def test_every_gpu_is_read_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(2)
    install(monkeypatch, library)
    with gpu_meter() as meter:
        assert meter.read() == meter.read() == (ZERO, ONE)
        assert library.open
    assert not library.open


def test_use_over_time_is_told_as_mean_and_most() -> None:
    busier = GpuUse(name="GPU zero", utilisation=60, memory=1500)
    assert describe_gpus([(ZERO, ONE), (busier, ONE)], "") == (
        "GPU zero: 50 % busy on average, 60 % at most, 1500 MiB at most; "
        "GPU one: 41 % busy on average, 41 % at most, 2048 MiB at most"
    )


def test_a_gpu_that_is_lost_is_said_and_never_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(1)
    install(monkeypatch, library)
    with gpu_meter() as meter:
        library.lost = True
        assert meter.read() == ()
        library.lost = False
        assert meter.read() == ()
    assert meter.why_none == "the GPU could not be read any more: GPU is lost"


def test_a_machine_without_driver_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Library(0, "driver not loaded"))
    with gpu_meter() as meter:
        assert meter.read() == ()
    assert describe_gpus([()], meter.why_none) == "no GPU: driver not loaded"


def test_a_driver_without_gpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Library(0))
    with gpu_meter() as meter:
        assert describe_gpus([meter.read()], meter.why_none) == "no GPU"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, None)
    with gpu_meter() as meter:
        assert "hardening-battery[gpu]" in meter.why_none
