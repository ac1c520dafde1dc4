"""Files that battery.toml names: by their name, by their folder, or by a pattern."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from battery.errors import BatteryError


class NothingNamed(BatteryError):
    """A name in battery.toml that fits no file: says which, and where was looked."""

    exit_code = 2


def named_files(root: Path, patterns: Iterable[str], endings: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """The files behind some names, each once; of a folder those with one of the endings, or all.

    Raises: NothingNamed.
    """
    root, found = root.absolute(), dict[Path, None]()
    for pattern in patterns:
        files = tuple(_behind(root, pattern, endings))
        if not files:
            raise NothingNamed(
                f"{pattern} in battery.toml fits no file below {root}: write the files or mend the name"
            )
        found |= dict.fromkeys(files)
    return tuple(found)


def _behind(root: Path, pattern: str, endings: tuple[str, ...]) -> Iterator[Path]:
    for path in _places(root, pattern):
        if path.is_dir():
            yield from sorted(
                each for each in path.iterdir() if each.is_file() and (each.suffix in endings or not endings)
            )
        elif path.is_file():
            yield path


def _places(root: Path, pattern: str) -> list[Path]:
    """A name that stands there goes before a pattern: brackets may be part of it."""
    place = root / pattern
    if place.exists():
        return [place]
    return sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor))))
