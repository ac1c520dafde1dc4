"""Known bandit: the versions whose source the gates were read from. Any other one runs as it is, only slower."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

KNOWN = {"d6c3eaa9c9f492d9362a098dd85f5a5901f2eb8e14920755ae735085389bb5a4": "1.9.4"}
_PARTS = ("core", "plugins", "blacklists")


@cache
def source_digest() -> str:
    """The digest of everything in bandit that decides what it finds."""
    digest = sha256()
    root = Path(str(files("bandit")))
    for part in _PARTS:
        for file in sorted((root / part).glob("*.py")):
            digest.update(f"{part}/{file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def is_known(plugin_modules: tuple[str, ...]) -> bool:
    """Whether this is a bandit that the gates fit, with no plugin but its own."""
    own = all(module.startswith("bandit.") for module in plugin_modules)
    return own and source_digest() in KNOWN
