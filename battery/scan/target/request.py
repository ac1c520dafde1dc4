"""What a scan of a target is asked to do, and how far it may go."""

from battery.model.frozen import Frozen
from battery.model.security import TARGET_SCANNERS, AccessRule, LoginProbe, ScanIdentity


class ScanLimits(Frozen, frozen=True, kw_only=True):
    """Bounds of one scanner: what it may send, how fast, and how long it waits. Times are in seconds."""

    requests: int = 2000
    rate: float = 50.0
    deadline: float = 10.0
    head: int = 64 * 1024
    body: int = 1024 * 1024
    seconds: float = 300.0
    patience: float = 60.0
    burst: int = 300
    attempts: int = 30
    slow_connections: int = 40
    slow_seconds: float = 5.0
    examples: int = 50


class TargetScanRequest(Frozen, frozen=True, kw_only=True):
    """What to scan. `other_url` is the same host under the other scheme, where the redirection to https begins.

    `headers` go with every request that is not anonymous on purpose; over TLS only to a target whose certificate is
    trusted (name a private authority with `ca_file`), unless it is this machine. `public` states that no operation needs an
    identity: only then are the scanners that need one left out without a doubt remaining. `openapi` is a path on the
    target, `openapi_file` a local file; with neither, the usual places are tried. `preload` is the part of
    the HSTS preload list that matters: host to whether its subdomains are meant too.
    """

    url: str
    other_url: str = ""
    paths: tuple[str, ...] = ("/",)
    headers: dict[str, str] = {}
    scanners: tuple[str, ...] = TARGET_SCANNERS
    identities: tuple[ScanIdentity, ...] = ()
    access: tuple[AccessRule, ...] = ()
    login: LoginProbe | None = None
    public: bool = False
    openapi: str = ""
    openapi_file: str = ""
    fuzz_may_write: bool = False
    schemathesis: str = "schemathesis"
    sslyze: str = "sslyze"
    ca_file: str = ""
    preload: dict[str, bool] = {}
    seed: int = 1
    limits: ScanLimits = ScanLimits()

    def secrets(self) -> tuple[str, ...]:
        """Every header value that was handed in, and the token in it: none may reach an output."""
        values = [*self.headers.values()]
        values += [value for identity in self.identities for value in identity.headers.values()]
        values += [value for rule in self.access for value in rule.headers.values()]
        if self.login:
            values += self.login.headers.values()
        parts = [part for value in values for part in (value, value.rpartition(" ")[2])]
        return tuple(dict.fromkeys(part for part in parts if len(part) >= _SHORTEST))


# Shorter values are no secrets, and masking them would hide "*/*" in every excerpt.
_SHORTEST = 8
