"""The battery's own signing key below a source folder, which is no leak of the target's as long as nobody committed it."""

from pathlib import Path

from battery.scan.source.secrets.git import GitFailed, ask

_KEY = "battery.key"
"""What keygen calls it unless told otherwise; the digest of a certified tree leaves it out as well."""


def own_key(root: Path) -> tuple[str, ...]:
    """Its path from the root, where it stands there and no commit holds it; nothing where git cannot tell."""
    key = root / _KEY
    if key.is_symlink() or not key.is_file() or _is_committed(root):
        return ()
    return (_KEY,)


def _is_committed(root: Path) -> bool:
    """Whether git tracks it or did in any commit; in doubt, yes. Where there is no repository nothing is committed."""
    place = root.resolve()
    if not any((folder / ".git").exists() for folder in (place, *place.parents)):
        return False
    try:
        tracked = ask(root, "ls-files", "--", _KEY)
        return bool(tracked or ask(root, "log", "--all", "-1", "--format=%H", "--", _KEY))
    except GitFailed:
        return True
