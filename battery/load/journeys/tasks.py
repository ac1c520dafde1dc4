"""Tasks: Locust's task sets, watched in a closed model and walked one journey at a time in an open one."""

import logging
import traceback
from typing import Any

from locust import SequentialTaskSet
from locust import TaskSet as LocustTaskSet
from locust.exception import InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser
from locust.user.task import DefaultTaskSet

from battery.load.journeys.crowd import Crowd
from battery.load.journeys.traveller import Traveller

# Locust leaves the methods of its task sets untyped.
TaskSet: Any = LocustTaskSet
_NEXT_TASK = (RescheduleTask, RescheduleTaskImmediately)
_STEERING = (*_NEXT_TASK, InterruptTaskSet, StopUser, StopTest)
_log = logging.getLogger(__name__)


def watch_tasks(crowd: Crowd) -> None:
    """Settle a user's requests whenever Locust has run a task."""
    execute = TaskSet.execute_next_task

    def watched(taskset: Any) -> None:
        traveller = crowd.of(taskset.user)
        if traveller is None:
            execute(taskset)
            return
        if not traveller.started:
            crowd.started(traveller)
        try:
            execute(taskset)
        except _STEERING as steering:
            crowd.stop_wanted = crowd.stop_wanted or isinstance(steering, StopTest)
            crowd.recorder.settle(traveller)
            raise
        except Exception as error:
            crowd.recorder.settle(traveller, broken=error)
            raise  # Locust logs it and goes on
        crowd.recorder.settle(traveller)

    TaskSet.execute_next_task = watched


class Walk:
    """One user's task sets: each journey is one task of the user, chosen by weight.

    A task that is itself a task set counts as its one next task, a sequential one as all of its tasks in their order.
    Nested task sets stay from one journey to the next, as they do in Locust, until they interrupt. Nobody waits
    between tasks: the schedule says when journeys begin.
    """

    def __init__(self, crowd: Crowd, traveller: Traveller) -> None:
        self._crowd, self._traveller = crowd, traveller
        self._nested: dict[type, Any] = {}
        self._root = traveller.user._taskset_instance = _unhurried(DefaultTaskSet(traveller.user))  # noqa: SLF001 -- as User.run does

    def journey(self) -> None:
        """Make one journey and settle its requests.

        Raises: StopUser and StopTest, where the locustfile does.
        """
        broken: Exception | None = None
        try:
            self._visit(self._root)
        except (StopUser, StopTest) as steering:
            self._crowd.stop_wanted = self._crowd.stop_wanted or isinstance(steering, StopTest)
            raise
        except (*_NEXT_TASK, InterruptTaskSet):
            pass  # the journey's own end
        except Exception as error:  # noqa: BLE001 -- a task may raise anything
            broken = error
            _log.error("a task raised\n%s", traceback.format_exc())
            fire = self._traveller.user.environment.events.user_error.fire
            fire(user_instance=self._traveller.user, exception=error, tb=error.__traceback__)
        self._crowd.recorder.settle(self._traveller, broken=broken)

    def end(self) -> None:
        """Call the on_stop of the task sets that are open."""
        for taskset in reversed(self._nested.values()):
            taskset.on_stop()

    def _visit(self, taskset: Any) -> None:
        steps = len(taskset.tasks) if isinstance(taskset, SequentialTaskSet) else 1
        for _ in range(steps):
            queue = taskset._task_queue  # noqa: SLF001 -- what schedule_task() has put there comes first
            task: Any = queue.popleft() if queue else taskset.get_next_task()
            try:
                if isinstance(task, type) and issubclass(task, TaskSet):
                    self._descend(task, taskset)
                else:
                    taskset.execute_task(task)
            except _NEXT_TASK:
                continue

    def _descend(self, kind: Any, parent: Any) -> None:
        nested = self._nested.get(kind)
        if nested is None:
            nested = self._nested[kind] = _unhurried(kind(parent))
            nested.on_start()
        try:
            self._visit(nested)
        except InterruptTaskSet:
            self._nested.pop(kind)
            nested.on_stop()
        except Exception:
            if isinstance(nested, SequentialTaskSet):
                self._nested.pop(kind)  # the next journey begins at its first task
            raise


def _unhurried(taskset: Any) -> Any:
    taskset.wait = lambda: None
    return taskset
