"""Making a scenario: its trials under a prober, and everything that they left in the record."""

from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.recording import TrialsRecord, record_scenario
from battery.chaos.scenarios.scenario import Scenario
from battery.chaos.scenarios.world import World
from battery.recording import Record


def make_scenario(scenario: Scenario, world: World, pace: Pace, record: Record) -> None:
    """Make the trials and record them. One that is cut off, by its time limit say, leaves those that it made.

    Raises: UndoFailed when something could not be put back.
    """
    findings, made = Findings(), TrialsRecord(record)
    try:
        with world.prober(period=pace.period) as prober:
            experiment = Experiment(
                prober, world.undo, pace, lambda text: record.progress(0.5, text), made.keep
            )
            scenario.trials(world, pace, findings, experiment)
    finally:
        made.close()
    record_scenario(record, scenario, made.trials, findings)
