"""The exception tree: every failure the battery foresees, by who can mend it.

    BatteryError                  anything foreseen; the CLI prints one line and exits with `exit_code`
    ├── UsageError          64    the command line is wrong
    ├── DefinitionError     64    a battery.toml, gate, profile, policy or waiver file is wrong
    ├── KeyUnusable         64    a signing or public key cannot be used
    ├── StoreError          64    the artifacts folder cannot be written, or holds another version's run
    ├── EvidenceCorrupt      4    what the run folder holds is not what was recorded
    ├── TargetUnreachable    2    the target does not answer: a finding about the target, not a crash
    │   └── ProcessFailed    2    (chaos) its process did not start, come back or end
    ├── FaultRefused, FaultFailed   2    (chaos) a fault is not available, or did not begin or end
    ├── UndoFailed, WatchdogFailed  2    (chaos) something of a fault is left; nothing is injected without a watchdog
    ├── ToxiproxyFailed      2    (chaos) a server does not do what it was asked; ToxiproxyUnsuitable, 64: it is none
    ├── FleetFailed          2    (load) the generators could not be started, or fell silent
    ├── CoverageUnreadable   2    (readiness) a coverage report is in no format that is known
    ├── TestsFailed          2    (readiness) [source] coverage_command did not end well, or left no report
    ├── DrillImpossible, DrillStopped   2    (readiness) a bootstrap cannot begin; a backup drill cannot go on
    └── RunInterrupted     130    (runner) a signal stopped the run; it can be resumed

Anything else that escapes is a defect of the battery and exits with 70.
"""


class BatteryError(Exception):
    """A foreseen failure; its text is one line that a person can act on."""

    exit_code = 70
    more = ""  # what a person may want to read before the line, such as the traceback of a user's own code


class UsageError(BatteryError):
    """The command line asks for something that cannot be."""

    exit_code = 64


class DefinitionError(BatteryError):
    """A definition file is wrong: says which file, which key, what stood there and what was expected."""

    exit_code = 64

    def __init__(self, file: str, problem: str, *, key: str = "", hint: str = "") -> None:
        self.file, self.key, self.problem, self.hint = file, key, problem, hint
        place = f"{file}: {key}" if key else file
        super().__init__(f"{place}: {problem}" + (f" ({hint})" if hint else ""))


class KeyUnusable(BatteryError):
    """A key file or signer URI cannot be used as asked."""

    exit_code = 64


class StoreError(BatteryError):
    """The artifacts folder cannot be used."""

    exit_code = 64


class EvidenceCorrupt(BatteryError):
    """A run folder does not hold what was recorded in it."""

    exit_code = 4


class TargetUnreachable(BatteryError):
    """The target did not answer."""

    exit_code = 2
