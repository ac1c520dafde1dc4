"""The environment of somebody who did not write the project: a home of their own, empty caches, a plain PATH."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from battery.redaction import resolve

SYSTEM_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
# Without these a machine behind a proxy reaches no registry; they say nothing about who works there.
_OF_THE_NETWORK = (
    *(
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "all_proxy",
    ),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"),
)
_CACHES = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "PIP_CACHE_DIR": ".cache/pip",
    "UV_CACHE_DIR": ".cache/uv",
    "npm_config_cache": ".npm",
    "GOPATH": "go",
    "GOCACHE": ".cache/go-build",
    "CARGO_HOME": ".cargo",
    "GRADLE_USER_HOME": ".gradle",
    "TMPDIR": "tmp",
}


def scrubbed(
    home: Path, environ: Mapping[str, str], *, path: Iterable[str] = SYSTEM_PATH, keep: Iterable[str] = ()
) -> dict[str, str]:
    """The variables of a sandbox with this home; `keep` names what else is taken from `environ`.

    Caches lie below the home, so that a first run finds them empty and a second one warm.
    """
    kept = {name: environ[name] for name in (*_OF_THE_NETWORK, *keep) if name in environ}
    caches = {name: str(home / place) for name, place in _CACHES.items()}
    fixed = {
        "HOME": str(home),
        "USER": "battery",
        "LOGNAME": "battery",
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    return {**fixed, **caches, "PATH": os.pathsep.join(path), **kept}


def given(env: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that battery.toml gives with their values, references to `environ` resolved.

    Raises: UsageError when one refers to a variable that is not set.
    """
    return {name: resolve(value, environ) for name, value in env.items()}


def make_home(home: Path) -> None:
    """The folders that the variables name and that tools expect to be there."""
    for place in ("", ".cache", ".config", "tmp"):
        (home / place).mkdir(parents=True, exist_ok=True)
