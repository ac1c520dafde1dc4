"""Where the shipped gates and profiles stand: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

import battery
from battery.errors import DefinitionError


def shipped_folder(name: str) -> Path:
    """The folder `gates` or `profiles` that came with this battery.

    Raises: DefinitionError when the installation lacks it.
    """
    package = Path(battery.__file__).resolve().parent
    for candidate in (package / "_shipped" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise DefinitionError(
        str(package), f"this installation lacks its {name} folder", hint="reinstall hardening-battery"
    )


def toml_files(folder: Path) -> list[Path]:
    """The TOML files of a folder, by name.

    Raises: DefinitionError when the folder is absent, unreadable or holds none.
    """
    try:
        if not folder.is_dir():
            raise DefinitionError(str(folder), "no such folder")
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise DefinitionError(str(folder), f"cannot be read: {error.strerror}") from error
    if not files:
        raise DefinitionError(str(folder), "holds no .toml file", hint="an empty folder defines nothing")
    return files
