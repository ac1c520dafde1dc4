"""Services that nobody here wrote, set up as docs/third-party says, each in a folder and on a port of its own."""

import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from battery.load.fleet import free_port
from tests.fakes.commands import Said, run, start

DOCS = Path(__file__).parents[3] / "docs" / "third-party"
SERVICES = ("prometheus", "datasette", "nginx")
_PATIENCE = 400  # a crowded machine needs much longer than the minute that a run takes


@contextmanager
def documented(service: str) -> Iterator[Path]:
    """A folder with all that the documents say of the service, on a free port, beside a key and an empty home."""
    with tempfile.TemporaryDirectory(prefix="battery-third-party-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # nginx's workers belong to nobody, and read what it serves
        shutil.copytree(DOCS / service, folder, dirs_exist_ok=True)
        url = tomllib.loads((folder / "battery.toml").read_text())["target"]["url"]
        said, port = str(urlsplit(url).port), str(free_port("127.0.0.1"))
        for path in (*folder.glob("*.toml"), *folder.glob("*.conf"), *folder.glob("*.yml")):
            path.write_text(path.read_text().replace(said, port))
        (folder / "home").mkdir()
        assert run("keygen", cwd=folder).code == 0
        yield folder


def side_by_side(services: Sequence[str], *words: str) -> dict[str, Said]:
    """What the battery says of each; they mostly wait, so that they do it at the same time."""
    with ExitStack() as stack:
        folders = {each: stack.enter_context(documented(each)) for each in services}
        started = {
            each: start(*words, cwd=folder, HOME=str(folder / "home"), CI="true")
            for each, folder in folders.items()
        }
        return {each: _ended(process) for each, process in started.items()}


def _ended(process: "subprocess.Popen[str]") -> Said:
    try:
        out, err = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Said(process.returncode, out, err)
