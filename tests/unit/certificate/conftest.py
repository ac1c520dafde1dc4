"""One certified run for every test of the certificate."""

import pytest

from tests.fakes.certified_run import CertifiedRun, certify, make_plan


@pytest.fixture(scope="session")
def certified() -> CertifiedRun:
    """A real run in which every gate passes."""
    return certify()


@pytest.fixture(scope="session")
def baseline() -> CertifiedRun:
    """A baseline run in which every gate passes."""
    return certify(make_plan(mode="baseline"))


@pytest.fixture(scope="session")
def failing() -> CertifiedRun:
    """A real run in which G1 fails and everything else passes."""
    from tests.fakes.certified_run import make_evidence

    plan = make_plan()
    return certify(plan, make_evidence(plan, {"coverage.line": 10.0}))
