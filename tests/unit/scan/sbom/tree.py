"""Trees and environments as tests write them."""

from pathlib import Path


def write(root: Path, files: dict[str, str]) -> Path:
    """Write the files under the root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def distribution(name: str, version: str, *headers: str, **files: str) -> dict[str, str]:
    """An installed distribution in a virtual environment: its METADATA, and files of its .dist-info."""
    folder = f"lib/python3.11/site-packages/{name}-{version}.dist-info"
    metadata = "\n".join(
        ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers, "", "A text."]
    )
    return {f"{folder}/METADATA": metadata} | {
        f"{folder}/{key.replace('__', '.')}": text for key, text in files.items()
    }
