"""The kill fault: SIGKILL, the crash that no process can prepare for."""

import signal

from battery.chaos.faults.process_end import ProcessEnd


class Kill(ProcessEnd):
    """Kills one process."""

    name = "kill"
    number = signal.SIGKILL
