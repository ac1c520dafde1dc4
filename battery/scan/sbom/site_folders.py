"""Where an environment keeps its packages, found without running anything of it."""

from pathlib import Path

from battery.scan.sbom.unreadable import SourceUnreadable

_PATTERNS = ("lib/python3*/site-packages", "lib64/python3*/site-packages", "Lib/site-packages")
_SYSTEM = "include-system-site-packages"


def site_folders(path: Path) -> tuple[list[Path], list[str]]:
    """The folders that hold distributions, and why they may not be all. Raises: SourceUnreadable."""
    home = _home(path)
    if home is None:
        folders, reasons = [path], []
    else:
        folders = [
            folder for pattern in _PATTERNS for folder in sorted(home.glob(pattern)) if folder.is_dir()
        ]
        reasons = _beyond(home)
    if not folders or not path.exists():
        raise SourceUnreadable(
            "no site-packages there: name a virtual environment, its interpreter or a site-packages folder",
            file=str(path),
        )
    for folder in list(folders):
        folders += _linked(folder)
    return list({folder.resolve(): folder for folder in folders}.values()), reasons


def _home(path: Path) -> Path | None:
    """The environment's folder; None for a folder that itself holds the packages."""
    if path.is_file():
        return path.parent.parent  # bin/python: not resolved, the link leads out of the environment
    holds = path.name in ("site-packages", "dist-packages") or any(path.glob("*.dist-info"))
    return None if holds else path


def _beyond(home: Path) -> list[str]:
    """Packages that the environment also sees, elsewhere."""
    configuration = home / "pyvenv.cfg"
    if not configuration.is_file():
        return []
    for line in configuration.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() == _SYSTEM and value.strip().lower() == "true":
            return [f"{configuration}: {_SYSTEM} is true, and the system's packages were not read"]
    return []


def _linked(folder: Path) -> list[Path]:
    """Folders that path files add; lines that Python would execute are left alone."""
    found = []
    for file in sorted(folder.glob("*.pth")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            text = line.strip()
            if text and not text.startswith(("#", "import ", "import\t")) and "\0" not in text:
                target = folder / text
                if target.is_dir():
                    found.append(target)
    return found
