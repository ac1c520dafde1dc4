"""Sharing: a profile's shape as one job for each generator."""

from battery.load.job import Job, JobEndpoint, JobStage
from battery.load.requests import Address
from battery.model.profile import Profile, Shape, Stage
from battery.model.quantity import per_second, seconds


def jobs_of(
    profile: Profile,
    shape: Shape,
    where: Address,
    endpoints: tuple[JobEndpoint, ...],
    workers: tuple[str, ...],
    seed: int,
    start: float,
) -> tuple[Job, ...]:
    """Each generator's equal share; Poisson streams add up to one, constant ones are offset by their phase."""
    stages = all_stages(shape)
    count = len(workers)
    return tuple(
        Job(
            worker=worker,
            host=where.host,
            port=where.port,
            tls=where.tls,
            verify_tls=True,
            server_name=where.host,
            model=profile.model,
            arrivals=profile.arrivals,
            seed=seed,
            phase=index / count,
            start=start,
            stages=tuple(_share(stage, index, count) for stage in stages),
            endpoints=endpoints,
            profile=profile.id,
            shares=count,
        )
        for index, worker in enumerate(workers)
    )


def all_stages(shape: Shape) -> tuple[JobStage, ...]:
    """The warm-up and the stages; the warm-up is as the first stage begins, and is not counted."""
    stages = []
    first = shape.stages[0]
    if seconds(shape.warmup) > 0:
        rate = per_second(first.rate) if first.rate else 0.0
        stages.append(
            JobStage(
                name="warm-up",
                seconds=seconds(shape.warmup),
                rate_from=rate,
                rate_to=rate,
                users=first.users or 0,
                counted=False,
            )
        )
    before: Stage | None = None
    for stage in shape.stages:
        rate = per_second(stage.rate) if stage.rate else 0.0
        begin = per_second(before.rate) if stage.ramp == "linear" and before and before.rate else rate
        stages.append(
            JobStage(
                name=stage.name,
                seconds=seconds(stage.duration),
                rate_from=begin,
                rate_to=rate,
                users=stage.users or 0,
            )
        )
        before = stage
    return tuple(stages)


def _share(stage: JobStage, index: int, count: int) -> JobStage:
    users = stage.users // count + (index < stage.users % count)
    return JobStage(
        name=stage.name,
        seconds=stage.seconds,
        rate_from=stage.rate_from / count,
        rate_to=stage.rate_to / count,
        users=users,
        counted=stage.counted,
    )
