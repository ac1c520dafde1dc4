"""The catalogue: every scenario, in the order in which a run makes them."""

from battery.chaos.scenarios.database import Database
from battery.chaos.scenarios.dependency import Dependency
from battery.chaos.scenarios.network import Network
from battery.chaos.scenarios.pressure import Cpu, Disk, Memory
from battery.chaos.scenarios.process_state import Descriptors, PauseScenario
from battery.chaos.scenarios.restart import Restart
from battery.chaos.scenarios.scenario import Scenario
from battery.chaos.scenarios.stress import Stress

CATALOGUE: dict[str, Scenario] = {
    scenario.id: scenario
    for scenario in (
        Network(),
        Dependency(),
        Database(),
        Disk(),
        Memory(),
        Cpu(),
        PauseScenario(),
        Descriptors(),
        Stress(),
        Restart(),  # last: the process that the others look at stays the same
    )
}
