"""Whether content may be destroyed here: the command line says so, and the environment is one to break."""

import re

from battery.model.definition import Definition

SCRATCH = ("scratch", "test", "testing", "ci", "dev", "development", "sandbox", "demo", "drill", "local")
_LIVE = ("prod", "production", "live", "staging", "customer")


def refusal(definition: Definition) -> str:
    """Why nothing may be destroyed, and how to allow it; empty when it may."""
    if not definition.run.allow_destructive:
        return "the drill destroys content: run with --allow-destructive, against an environment made for it"
    environment = definition.target.environment
    words = re.split(r"[^a-z0-9]+", environment.lower())
    if any(word in _LIVE for word in words) or not any(word in SCRATCH for word in words):
        return (
            f'[target] environment is "{environment}", which names no scratch environment: content is destroyed only where '
            f"it holds one of the words {', '.join(SCRATCH)} and none of {', '.join(_LIVE)}"
        )
    return ""
