"""The request for a target's scan, from what battery.toml says and how hard the run may try."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from battery.model.definition import Definition, Intensity
from battery.model.security import LoginProbe, ScanIdentity
from battery.redaction import resolve
from battery.scan.target.request import ScanLimits, TargetScanRequest

_MOST_PATHS = 12
_LIMITS: dict[Intensity, ScanLimits] = {
    "smoke": ScanLimits(seconds=120.0, patience=30.0, slow_seconds=2.0, examples=10),
    "standard": ScanLimits(),
    "full": ScanLimits(requests=10_000, seconds=1800.0, patience=120.0, slow_seconds=15.0, examples=500),
}


def target_request(
    definition: Definition,
    base: Path,
    intensity: Intensity,
    seed: int,
    scanners: tuple[str, ...],
    environ: Mapping[str, str],
) -> TargetScanRequest:
    """The request, with every reference to a secret resolved.

    Raises: UsageError when a variable that battery.toml refers to is not set.
    """
    target, security = definition.target, definition.security

    def resolved(headers: Mapping[str, str]) -> dict[str, str]:
        return {name: resolve(value, environ) for name, value in headers.items()}

    def with_headers(identity: ScanIdentity) -> ScanIdentity:
        return msgspec.structs.replace(identity, headers=resolved(identity.headers))

    login: LoginProbe | None = security.login
    if login is not None:
        login = msgspec.structs.replace(login, headers=resolved(login.headers))
    return TargetScanRequest(
        url=target.url,
        other_url=security.other_url,
        paths=_paths(definition),
        headers=resolved(target.headers),
        scanners=scanners,
        identities=tuple(map(with_headers, security.identity)),
        access=tuple(
            msgspec.structs.replace(rule, headers=resolved(rule.headers)) for rule in security.access
        ),
        login=login,
        public=security.public,
        openapi=security.openapi or "",
        openapi_file=str(base / security.openapi_file) if security.openapi_file else "",
        fuzz_may_write=security.fuzz_may_write,
        ca_file=str(base / security.ca_file) if security.ca_file else "",
        seed=seed,
        limits=_LIMITS[intensity],
    )


def _paths(definition: Definition) -> tuple[str, ...]:
    """The paths whose answers are read: the root, and what battery.toml calls with GET."""
    target = definition.target
    known = [endpoint.path for endpoint in definition.endpoint if endpoint.method == "GET"]
    known += [path for path in (target.status, target.ready, target.live) if path]
    return tuple(dict.fromkeys(("/", *known)))[:_MOST_PATHS]
