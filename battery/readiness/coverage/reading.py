"""Which reader a report needs, told by its content and never by its name."""

from battery.readiness.coverage.cobertura import Cobertura
from battery.readiness.coverage.coveragepy_json import CoveragePyJson
from battery.readiness.coverage.jacoco import Jacoco
from battery.readiness.coverage.lcov import Lcov
from battery.readiness.coverage.report import CoverageReport, CoverageUnreadable, Reader

READERS: tuple[Reader, ...] = (CoveragePyJson(), Cobertura(), Lcov(), Jacoco())
LARGEST = 256 * 2**20
_HEAD = 1 << 16  # room for a licence comment before the root element


def read_report(data: bytes, name: str, *, largest: int = LARGEST) -> CoverageReport:
    """The report in a file of that name. Raises: CoverageUnreadable."""
    if len(data) > largest:
        raise CoverageUnreadable(f"{len(data)} bytes", expected=f"at most {largest} bytes", file=name)
    reader = _reader(data[:_HEAD], name)
    try:
        return reader.read(data)
    except CoverageUnreadable as error:
        raise CoverageUnreadable(error.problem, expected=reader.name, file=name) from error


def _reader(head: bytes, name: str) -> Reader:
    for reader in READERS:
        if reader.recognises(head):
            return reader
    known = ", ".join(reader.name for reader in READERS)
    problem = "no known coverage format" if head.strip() else "it is empty"
    raise CoverageUnreadable(problem, expected=f"one of {known}", file=name)
