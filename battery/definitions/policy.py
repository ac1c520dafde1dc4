"""policy.toml: what a verifier demands, and the floor that follows from it."""

import difflib
from pathlib import Path

from battery.definitions.floor import rules_by_id
from battery.definitions.gates import with_limits
from battery.definitions.profiles import PROFILE
from battery.definitions.scanners_left_out import SCANNER
from battery.definitions.toml_file import load
from battery.errors import DefinitionError
from battery.model.gate import Gate
from battery.model.policy import Policy


def load_policy(path: Path) -> Policy:
    """The policy in the file.

    Raises: DefinitionError.
    """
    policy, _ = load(path, Policy)
    return policy


def apply_floor(gates: tuple[Gate, ...], policy: Policy, file: str) -> tuple[Gate, ...]:
    """The shipped gates with the policy's own limits: what a certificate must at least have been judged by.

    Raises: DefinitionError when the policy names a rule that does not exist.
    """
    known = rules_by_id(gates)
    for index, name in enumerate(policy.loosened_allowed):
        if name not in known and not name.startswith((PROFILE, SCANNER)):
            close = difflib.get_close_matches(name, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else 'name a rule as in "G1:coverage.line"'
            raise DefinitionError(file, f'no such rule "{name}"', key=f"loosened_allowed[{index}]", hint=hint)
        if name in policy.limit:
            raise DefinitionError(
                file,
                f'"{name}" has a limit of its own in this file',
                key=f"loosened_allowed[{index}]",
                hint="keep one of the two",
            )
    return with_limits(gates, policy.limit, file, "limit")
