"""File modes: who else on the machine may read or replace a key or a file of secrets."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from battery.scan.interface import Found
from battery.scan.source.configuration.reading import kind_of
from battery.scan.source.tree import SourceFile

_KEY_SUFFIXES = (".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")
_KEY_NAMES = (
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".pgpass",
    ".htpasswd",
    "credentials.json",
)
_LOOKED_AT = 64 * 1024


def holds_secrets(file: SourceFile) -> bool:
    """Whether a file is a private key or made for secrets: by its name, for a certificate's also by its content."""
    name = PurePosixPath(file.name).name.lower()
    if name in _KEY_NAMES or name.endswith(_KEY_SUFFIXES):
        return True
    return (
        name.endswith(".pem") and _has_private_key(file)
        if name.endswith(".pem")
        else kind_of(file.name) == "env"
    )


def mode_findings(files: Iterable[SourceFile]) -> Iterator[Found]:
    """One finding for each such file that others may replace, or else read."""
    for file in files:
        rule = ""
        if file.mode & stat.S_IWOTH:
            rule = "configuration.writable-by-all"
        elif file.mode & stat.S_IROTH:
            rule = "configuration.readable-by-all"
        if rule and holds_secrets(file):
            mode = f"mode {file.mode:04o}"
            yield Found(rule=rule, where=file.name, content=mode, excerpt=mode)


def _has_private_key(file: SourceFile) -> bool:
    try:
        with open(file.path, "rb") as stream:  # noqa: PTH123 - the name may be no UTF-8
            return b"PRIVATE KEY" in stream.read(_LOOKED_AT)
    except OSError:
        return True  # unknown counts as one; the secrets scan says that it could not be read
