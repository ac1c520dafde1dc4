"""One journey job in on stdin, journey snapshots out on stdout, one JSON document a line."""

from battery.load.journeys import patched  # noqa: F401 -- first: it patches the process for gevent  # isort: skip

import random
import sys
from argparse import Namespace
from typing import Any

import locust
from locust.argument_parser import get_parser
from locust.env import Environment

from battery.load.generator.usage import TooFewDescriptors, raise_descriptor_limit
from battery.load.job import Job
from battery.load.journeys import complaints, pipes, starts
from battery.load.journeys.closed import ClosedModel
from battery.load.journeys.conductor import Conductor
from battery.load.journeys.crowd import Crowd
from battery.load.journeys.hooks import make_loud
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.loading import BadLocustfile, user_classes
from battery.load.journeys.open import OpenModel
from battery.load.journeys.recorder import Recorder
from battery.load.journeys.run import Run
from battery.load.journeys.tasks import watch_tasks

BAD_LOCUSTFILE = 64
# The ledger is whole, but the locustfile's own code failed: what it was to do has not all been done.
FAULTY_LOCUSTFILE = 70
_SPARE_DESCRIPTORS = 64


def main() -> int:
    """Do the job; the exit code."""
    emit = pipes.claim_stdout()
    work, called_off = pipes.read_job()
    if work is None:
        return 0
    complaints.listen()
    random.seed(f"{work.job.seed}:{work.job.worker}:tasks")
    recorder = Recorder(work.job.stages)
    try:
        raise_descriptor_limit(_descriptors(work.job))
        run = _prepared(work, recorder, emit)
    except BadLocustfile as error:
        return _refused(error)
    except TooFewDescriptors as error:
        sys.exit(str(error))
    run.stopped = called_off
    pipes.listen(lambda: setattr(run, "stopped", True))
    run.work()
    if run.trouble is not None:
        return _refused(run.trouble)
    return _finished(recorder)


def _prepared(work: JourneyJob, recorder: Recorder, emit: pipes.Emit) -> Run:
    """All that comes before the first request.

    Raises: BadLocustfile.
    """
    make_loud(locust.events, lambda fault: recorder.faults.update([fault]))
    environment = Environment(events=locust.events, host=work.url, locustfile=work.locustfile)
    crowd = Crowd(environment, [], recorder)
    starts.listen(crowd, locust.events.request)
    crowd.classes = environment.user_classes = user_classes(work.locustfile, work.url, work.job.deadline)
    starts.count_starts(crowd, work.job.deadline)
    watch_tasks(crowd)
    environment.runner = Conductor(crowd)  # type: ignore[assignment] # as much of a runner as users may ask for
    environment.parsed_options = _options(work)
    events: Any = environment.events
    events.init.fire(environment=environment, runner=environment.runner, web_ui=None)
    events.test_start.fire(environment=environment)
    if recorder.faults:
        raise BadLocustfile(f"{work.locustfile}: a listener raised before the start")
    model = OpenModel(work.job, crowd) if work.job.model == "open" else ClosedModel(work.job, crowd)
    return Run(work, environment, crowd, model, emit)


def _options(work: JourneyJob) -> Namespace:
    """Locust's options as they are when none is given, with those that the locustfile adds."""
    options: Namespace = get_parser(default_config_files=[]).parse_known_args([])[0]
    options.host, options.headless = work.url, True
    return options


def _descriptors(job: Job) -> int:
    """How many files the job may have open at once, at one connection a user."""
    most = max(stage.users for stage in job.stages) if job.model == "closed" else job.connections
    return most + _SPARE_DESCRIPTORS


def _refused(error: BadLocustfile) -> int:
    """The traceback, then what it means: the last line stands for all where there is room for one only."""
    sys.stderr.write(f"{error.trace}{error}\n")
    return BAD_LOCUSTFILE


def _finished(recorder: Recorder) -> int:
    if not recorder.faults:
        return 0
    faults = ", ".join(f"{what} ({count}x)" for what, count in sorted(recorder.faults.items()))
    sys.stderr.write(f"these journeys are no measurement: {faults}\n")
    return FAULTY_LOCUSTFILE


if __name__ == "__main__":
    sys.exit(main())
