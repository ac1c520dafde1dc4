"""What battery.toml keeps the scanners from: each is told as a change of their gate, which a verifier must allow."""

from battery.model.gate import RuleChange
from battery.model.security import SOURCE_SCANNERS, Security

SCANNER = "G5:scanner."


def scanners_left_out(security: Security) -> tuple[RuleChange, ...]:
    """One change for each scanner that is not applicable, and one for what the others do not look at."""
    found = [
        _change(name, f"the {name} scan of the {_subject(name)} is complete", f"not applicable: {reason}")
        for name, reason in security.not_applicable.items()
    ]
    if security.public:
        found.append(_change("public", "access is tried by identities", "declared public: nobody needs one"))
    if security.exclude:
        left = f"without {', '.join(security.exclude)}"
        found.append(_change("exclude", "the whole source tree is scanned", left))
    return tuple(found)


def _subject(name: str) -> str:
    return "source" if name in SOURCE_SCANNERS else "target"


def _change(name: str, shipped: str, used: str) -> RuleChange:
    return RuleChange(rule=f"{SCANNER}{name}", shipped=shipped, used=used, loosened=True)
