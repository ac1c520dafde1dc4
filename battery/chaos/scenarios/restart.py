"""Scenario 1, restart: the target's process is killed, asked to end, or restarted by the user's own command."""

from collections.abc import Callable, Sequence

from battery.chaos.faults.interface import Fault
from battery.chaos.faults.kill import Kill
from battery.chaos.faults.restart_command import RestartCommand
from battery.chaos.faults.terminate import Terminate
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import obstacle as process_obstacle
from battery.chaos.scenarios.durable_writes import durable_writes
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.in_flight import InFlight
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial, never_came_back
from battery.chaos.scenarios.world import World

DROPPED = "chaos.restart.dropped"
_NO_SIGNAL = (
    "with a restart_command nobody knows when the process is asked to end, so requests in flight cannot be counted; "
    'say so: [chaos.not_applicable] drops = "why"'
)
_NOBODY = (
    "nothing would bring it back: let the battery start it ([process] command), say that it comes back by itself "
    "([process] supervised = true), or give [process] restart_command"
)


class Restart:
    """Kills the process that serves, then asks it politely; what was acknowledged before must be there afterwards."""

    id = "restart"
    title = "the service's process ends and comes back"
    story = (
        "SIGKILL, then SIGTERM, to the process that serves (or your own restart command). Users see refused or cut "
        "connections until it is back; nothing acknowledged may be lost, and a polite end drops no request in flight."
    )

    def obstacle(self, world: World) -> str:
        """Without a process or a command there is nothing to restart."""
        process = world.definition.process
        if process is not None and process.restart_command:
            return ""
        try:
            given = world.given()
        except ProcessFailed as error:
            return str(error)
        return process_obstacle(given) or ("" if world.comes_back else _NOBODY)

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line a fault."""
        return [make().describe() for make in self._faults(world, pace)]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Each fault, each repeat; records are written all the while."""
        found: list[Trial] = []
        with durable_writes(world, findings):
            for repeat in range(1, pace.repeats + 1):
                for make in self._faults(world, pace):
                    try:
                        found.append(self._trial(make(), world, repeat, findings, experiment))
                    except ProcessFailed as error:
                        # It did not come back: what was measured until then is the finding.
                        untried = Trial(
                            fault=self.id,
                            story=self.title,
                            repeat=repeat,
                            problem=str(error),
                            needless=never_came_back(found),
                        )
                        return [*found, experiment.kept(untried)]
        return found

    def _trial(
        self, fault: Fault, world: World, repeat: int, findings: Findings, experiment: Experiment
    ) -> Trial:
        if isinstance(fault, Terminate):
            return self._politely(world, fault, repeat, findings, experiment)
        if isinstance(fault, RestartCommand):
            findings.count(DROPPED, None, _NO_SIGNAL)
            return experiment.run(fault, repeat, hold=0.0)
        return experiment.run(fault, repeat, hold=0.0, after=world.revive)

    def _politely(
        self, world: World, fault: Terminate, repeat: int, findings: Findings, experiment: Experiment
    ) -> Trial:
        """A polite end under load: what was in flight must still be answered."""
        with InFlight(world.place, world.request(world.heaviest())) as load:
            fault.at_send = load.mark
            trial = experiment.run(fault, repeat, hold=0.0, after=world.revive, before=load.begin)
        dropped = load.dropped()
        findings.count(DROPPED, dropped.number, dropped.words)
        return trial

    def _faults(self, world: World, pace: Pace) -> list[Callable[[], Fault]]:
        process = world.definition.process
        if process is not None and process.restart_command:
            command = process.restart_command
            find = world.given if process.pid_file else None
            return [lambda: RestartCommand(command, find=find, secrets=world.secrets)]
        del pace
        return [lambda: Kill(world.given()), lambda: Terminate(world.given())]
