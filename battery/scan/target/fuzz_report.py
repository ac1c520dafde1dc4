"""schemathesis' JSON report: strictly what is read of it, everything else ignored."""

import msgspec

_RULES = {
    "ServerError": "target.fuzz.server-error",
    "IgnoredAuth": "target.fuzz.ignored-auth",
}


class Failure(msgspec.Struct, frozen=True):
    """One kind of failure and the operations that showed it."""

    type: str
    title: str
    operations: list[str]
    count: int = 1


class Operations(msgspec.Struct, frozen=True):
    """How many operations there were, and what became of them."""

    total: int
    selected: int
    tested: int
    errored: int = 0


class Cases(msgspec.Struct, frozen=True):
    """How many test cases were made."""

    generated: int


class FuzzReport(msgspec.Struct, frozen=True):
    """A run of schemathesis."""

    schemathesis_version: str
    complete: bool
    stop_reason: str
    operations: Operations
    test_cases: Cases
    failures: list[Failure]
    errors: list[object] = []


def read_report(data: bytes) -> FuzzReport:
    """Decode a report.

    Raises: ValueError.
    """
    return msgspec.json.decode(data, type=FuzzReport)


def rule_of(failure: Failure) -> str:
    """The rule that a failure breaks; whatever contradicts the document is a violation of it."""
    return _RULES.get(failure.type, "target.fuzz.schema-violation")
