"""A profile's shape as one job for each generator."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from battery.load.job import JobEndpoint
from battery.load.requests import address
from battery.load.sharing import all_stages, jobs_of
from battery.model.profile import Profile, Shape, Stage
from tests.unit.load.conftest import unhurried

ENDPOINT = JobEndpoint(
    name="a", weight_class="light", weight=1, method="GET", request=b"", status=(200,), body_contains=b""
)


def profile(shape: Shape) -> Profile:
    model: Literal["open", "closed"] = "open" if shape.stages[0].rate else "closed"
    return Profile(id="P9", title="", why="", model=model, smoke=shape, standard=shape, full=shape)


def test_the_warm_up_runs_like_the_first_stage_and_is_not_counted() -> None:
    shape = Shape(warmup="2 s", stages=(Stage(name="a", duration="3 s", rate="50/s"),))
    warm_up, steady = all_stages(shape)
    assert (warm_up.seconds, warm_up.rate_from, warm_up.rate_to, warm_up.counted) == (2.0, 50.0, 50.0, False)
    assert (steady.seconds, steady.counted) == (3.0, True)


def test_without_warm_up_all_stages_count() -> None:
    shape = Shape(stages=(Stage(name="a", duration="3 s", users=2),))
    assert [stage.counted for stage in all_stages(shape)] == [True]


def test_a_linear_stage_begins_at_the_rate_before_it() -> None:
    shape = Shape(
        stages=(
            Stage(name="a", duration="1 s", rate="10/s"),
            Stage(name="b", duration="1 s", rate="90/s", ramp="linear"),
            Stage(name="c", duration="1 s", rate="600/min"),
        )
    )
    assert [(stage.rate_from, stage.rate_to) for stage in all_stages(shape)] == [
        (10.0, 10.0),
        (10.0, 90.0),
        (10.0, 10.0),
    ]


def test_a_first_stage_cannot_ramp_from_nowhere() -> None:
    shape = Shape(stages=(Stage(name="a", duration="1 s", rate="10/s", ramp="linear"),))
    assert all_stages(shape)[0].rate_from == 10.0


@unhurried
@given(st.integers(1, 1000), st.integers(1, 9))
def test_users_are_shared_out_without_a_rest(users: int, count: int) -> None:
    shape = Shape(stages=(Stage(name="a", duration="1 s", users=users),))
    workers = tuple(f"w{index}" for index in range(count))
    jobs = jobs_of(profile(shape), shape, address("http://h"), (ENDPOINT,), workers, 1, 5.0)
    shares = [job.stages[0].users for job in jobs]
    assert sum(shares) == users
    assert max(shares) - min(shares) <= 1


@unhurried
@given(st.integers(1, 9))
def test_rates_are_shared_equally_with_phases_between(count: int) -> None:
    shape = Shape(stages=(Stage(name="a", duration="1 s", rate="90/s"),))
    workers = tuple(f"w{index}" for index in range(count))
    jobs = jobs_of(profile(shape), shape, address("https://[::1]:99/x"), (ENDPOINT,), workers, 7, 5.0)
    assert [job.stages[0].rate_to for job in jobs] == [90 / count] * count
    assert [job.phase for job in jobs] == [index / count for index in range(count)]
    assert {(job.host, job.port, job.tls, job.server_name, job.seed, job.start) for job in jobs} == {
        ("::1", 99, True, "::1", 7, 5.0)
    }
    assert [job.worker for job in jobs] == list(workers)
