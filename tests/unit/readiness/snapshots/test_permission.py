"""Content is destroyed only where the command line and the environment's name both allow it."""

import pytest

from battery.definitions.destruction import allowing_destruction
from battery.model.definition import Definition
from battery.model.target import Target
from battery.readiness.snapshots.permission import refusal


def of(environment: str) -> Definition:
    return Definition(target=Target(environment=environment))


def test_without_the_option_nothing_is_destroyed_anywhere() -> None:
    assert "run with --allow-destructive" in refusal(of("scratch"))


@pytest.mark.parametrize("environment", ["scratch", "CI", "eu-test-2", "local.demo"])
def test_with_the_option_a_scratch_environment_is(environment: str) -> None:
    assert refusal(allowing_destruction(of(environment))) == ""


@pytest.mark.parametrize("environment", ["", "production", "prod-test", "live demo", "latest", "staging-ci"])
def test_any_other_environment_is_not(environment: str) -> None:
    assert "names no scratch environment" in refusal(allowing_destruction(of(environment)))
