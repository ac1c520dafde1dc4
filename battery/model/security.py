"""The [security] table: what the scanners may know and touch of a target, and which of them cannot apply to it."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, field

from battery.model.frozen import Frozen
from battery.model.target import Name, UrlPath

SourceScanner = Literal["code", "secrets", "configuration", "logs", "sbom", "vulnerabilities"]
TargetScanner = Literal[
    "tls",
    "headers",
    "cors",
    "methods",
    "errors",
    "exposed",
    "access",
    "fuzz",
    "robustness",
    "rate_limit",
    "abuse",
]
SOURCE_SCANNERS: tuple[SourceScanner, ...] = get_args(SourceScanner)
# In the order in which they disturb each other least.
TARGET_SCANNERS: tuple[TargetScanner, ...] = get_args(TargetScanner)
ONLINE, JOURNAL = "online", "journal:"
SOURCE_CHECK, TARGET_CHECK = "security_source.", "security_target.scanner"

Kind = Literal["valid", "expired", "wrong_role", "other_tenant"]


def scanner_of(check: str) -> str:
    """The scanner that a check of this id runs; empty for a check that scans nothing."""
    if check.startswith(SOURCE_CHECK):
        return check.removeprefix(SOURCE_CHECK)
    return check.removeprefix(TARGET_CHECK).strip("[]") if check.startswith(TARGET_CHECK) else ""


class ScanIdentity(Frozen, frozen=True, kw_only=True):
    """Someone who may call the service: the headers that say so, in battery.toml as references only."""

    name: Name
    kind: Kind = "valid"
    headers: dict[str, str] = {}


class AccessRule(Frozen, frozen=True, kw_only=True):
    """One operation and who may carry it out; everyone else must get 401 or 403.

    `hides`: 404 is as good, because the service does not say what exists. `may_run`: the operation changes data and
    may be carried out all the same; without it only GET, HEAD and OPTIONS are sent.
    """

    name: Name
    path: UrlPath
    allowed: tuple[str, ...]
    method: str = "GET"
    headers: dict[str, str] = {}
    body: str = ""
    hides: bool = False
    may_run: bool = False


class LoginProbe(Frozen, frozen=True, kw_only=True):
    """A login that must fail: a user who does not exist, or one whose locking harms nobody."""

    path: UrlPath
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    body: str = ""


class Security(Frozen, frozen=True, kw_only=True):
    """What the scans are told. `public` states that no operation needs an identity.

    `vulnerabilities` is where known ones are looked up: a folder or zip of OSV records, "online" for the public service,
    or the URL of one that speaks like it; names and versions of the dependencies are sent to no other address.
    `logs` are files, or "journal:UNIT" for the last day of what systemd keeps of a unit.
    A scanner that is declared not applicable is named on the certificate; one that only lacks something is undecided.
    """

    public: bool = False
    openapi: UrlPath | None = None
    openapi_file: str = ""
    fuzz_may_write: bool = False
    other_url: str = ""
    ca_file: str = ""
    identity: tuple[ScanIdentity, ...] = ()
    access: tuple[AccessRule, ...] = ()
    login: LoginProbe | None = None
    exclude: tuple[str, ...] = ()
    history: bool = False
    environment: str = ""
    vulnerabilities: str = ""
    logs: tuple[str, ...] = ()
    fingerprint_key: str = ""
    not_applicable: dict[SourceScanner | TargetScanner, Annotated[str, Meta(min_length=1)]] = {}

    def secret_texts(self) -> tuple[str, ...]:
        """Every text that may refer to a secret."""
        tables = [*(identity.headers for identity in self.identity), *(rule.headers for rule in self.access)]
        if self.login:
            tables.append(self.login.headers)
        return tuple(value for table in tables for value in table.values())
